"""Keys inside a paste are dropped: a paste may carry text for a field, never keys."""

from __future__ import annotations

from typing import Any

from textual import events

from breakglass_tui.ui.shell.part import Part

QUIET_S = 0.25
"""Seconds. Textual waits 0.1 s before a lone ESC counts as a key, so it arrives late. A hand needs longer than both."""
IGNORED = "Keys inside the paste were ignored."


class PastedKeys(Part):
    """Drops keys and clicks that follow a paste faster than a hand can.

    A paste ends with ``ESC[201~``. If it contains those bytes itself, the rest arrives as keys that were not pressed.
    Each dropped key restarts the wait, so a long tail is dropped completely.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pasted_at: float | None = None
        self._told_of_keys = False

    async def on_event(self, event: events.Event) -> None:
        """Pass on only events that a person caused."""
        # Times are those of reading the terminal: a busy event loop does not stretch them.
        if isinstance(event, events.Paste) and not event.is_forwarded:
            self._pasted_at, self._told_of_keys = event.time, False
        elif isinstance(event, events.InputEvent) and not event.is_forwarded and self._came_along(event):
            return
        await super().on_event(event)

    def _came_along(self, event: events.InputEvent) -> bool:
        if self._pasted_at is None or event.time - self._pasted_at > QUIET_S:
            self._pasted_at = None
            return False
        if isinstance(event, events.MouseMove):
            return False  # it presses nothing, and happens all the time
        self._pasted_at = event.time
        if not self._told_of_keys:
            self._told_of_keys = True
            self.notify(IGNORED, severity="warning", markup=False)
        return True
