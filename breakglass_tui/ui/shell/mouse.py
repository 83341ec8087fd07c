"""The mouse in dialogs: what esc does can be clicked, too."""

from __future__ import annotations

from textual import events, on
from textual.app import App
from textual.screen import ModalScreen
from textual.widgets import Static


class ClosesByMouse(App[None]):
    """A click beside a dialog, or on a hint that begins with esc, is esc; everything else has its own button or row."""

    @on(events.Click)
    def _leave_dialog(self, event: events.Click) -> None:
        if isinstance(self.screen, ModalScreen) and (event.widget is self.screen or _says_esc(event.widget)):
            event.stop()
            self.simulate_key("escape")


def _says_esc(widget: object) -> bool:
    return isinstance(widget, Static) and widget.has_class("hint") and str(widget.content).startswith("esc ")
