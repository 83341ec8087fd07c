"""PastedKeys: drops keys that are part of a paste, because a paste may only carry text for a field."""

from __future__ import annotations

from typing import Any

from textual import events

from breakglass_tui.ui.shell.part import Part

QUIET_S = 0.25
"""Seconds after a paste in which keys are dropped. It is longer than the 0.1 s by which Textual delays a lone ESC."""
IGNORED = "Keys inside the paste were ignored."


class PastedKeys(Part):
    """App mixin that drops keys and clicks that follow a paste faster than a hand can.

    A paste ends with ``ESC[201~``. If the pasted text contains these bytes, the terminal sends its rest as keys. Each
    dropped key restarts the waiting time, so the whole rest is dropped.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pasted_at: float | None = None
        self._told_of_keys = False

    async def on_event(self, event: events.Event) -> None:
        """Handle ``event``, unless it is a key or click that came with a paste."""
        # The times of events are those of reading the terminal, so a busy event loop does not change them.
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
            return False  # moving the mouse presses nothing
        self._pasted_at = event.time
        if not self._told_of_keys:
            self._told_of_keys = True
            self.notify(IGNORED, severity="warning", markup=False)
        return True
