"""PastedKeys: finds keys that are part of a paste, because a paste may only carry text for a field."""

from __future__ import annotations

from textual import events

QUIET_S = 0.25
"""Seconds after a paste in which keys are dropped. It is longer than the 0.1 s by which Textual delays a lone ESC."""
IGNORED = "Keys inside the paste were ignored."


class PastedKeys:
    """Finds keys and clicks that follow a paste faster than a hand can press them.

    A paste ends with ``ESC[201~``. If the pasted text contains these bytes, the terminal sends its rest as keys. Each
    such key restarts the waiting time, so the whole rest is found. ``first`` is whether the key found last is the first
    one of its paste.
    """

    def __init__(self) -> None:
        """Wait for the first paste."""
        self.first = False
        self._pasted_at: float | None = None
        self._found = False

    def includes(self, event: events.Event) -> bool:
        """Return whether ``event`` is a key or a click that came with a paste. Call it once for each event."""
        # The times of events are those of reading the terminal, so a busy event loop does not change them.
        if isinstance(event, events.Paste):
            self._pasted_at, self._found = event.time, False
            return False
        if not isinstance(event, events.InputEvent) or self._pasted_at is None:
            return False
        if event.time - self._pasted_at > QUIET_S:
            self._pasted_at = None
            return False
        if isinstance(event, events.MouseMove):
            return False  # moving the mouse presses nothing
        self._pasted_at = event.time
        self.first, self._found = not self._found, True
        return True
