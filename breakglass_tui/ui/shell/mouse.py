"""ClosesByMouse: the mouse in dialogs. The line of keys can be clicked."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widget import Widget

from breakglass_tui.ui.shell.part import Part


class ClosesByMouse(Part):
    """App mixin for the mouse in dialogs: a click on a key of the line of keys presses that key.

    A click outside the dialog means escape.
    """

    def _on_click(self, event: events.Click) -> None:
        if not isinstance(self.screen, ModalScreen):
            return
        key = "escape" if event.widget is self.screen else _said_at(event)
        if key in self.screen.active_bindings:
            event.stop()
            self.simulate_key(key)


def _said_at(event: events.Click) -> str:
    """Return the key at the position of the click, in a line of keys or on a masked secret, or an empty string."""
    from breakglass_tui.ui.hints import said_keys
    from breakglass_tui.ui.widgets.configuration.masked import Masked

    widget = event.widget
    if not isinstance(widget, Widget) or not (widget.has_class("hint") or isinstance(widget, Masked)):
        return ""
    (line,) = widget.render_lines(Region(0, event.y, widget.size.width, 1))
    return next((key for cells, key in said_keys(line.text) if event.x in cells), "")
