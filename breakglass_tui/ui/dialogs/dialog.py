"""Dialog: the base class of all dialogs. It has a help text, and its line of keys can be clicked."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widget import Widget

from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.widgets.hints import said_keys
from breakglass_tui.ui.widgets.masked import Masked

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A dialog with a help text. f1 and ? open it, as on a screen.

    ``NAMED`` is the title of the help, and ``ABOUT`` is its text. A click on a key of the line of keys presses that
    key, and a click outside the dialog means escape.
    """

    NAMED: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""
    """The help text: what the dialog does, what it will change, and its keys. Plain text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "explain", "Help", show=False, id="help"),
        Binding("question_mark", "explain", "Help", show=False, id="help-alternative"),
    ]

    def action_explain(self) -> None:
        """Open the help of this dialog, with ``ABOUT`` as its text."""
        if isinstance(self.app, SessionApp):
            self.app.explain(self.NAMED, self.ABOUT)

    def on_click(self, event: events.Click) -> None:
        """Press the clicked key, or escape after a click outside the dialog."""
        key = "escape" if event.widget is self else _key_at(event)
        if key in self.active_bindings:
            event.stop()
            # A key that this screen sends would not bubble beyond it, so the App sends it.
            self.app.call_later(self.app.simulate_key, key)


def _key_at(event: events.Click) -> str:
    """Return the key at the position of the click, in a line of keys or on a masked secret, or an empty string."""
    widget = event.widget
    if not isinstance(widget, Widget) or not (widget.has_class("hint") or isinstance(widget, Masked)):
        return ""
    (line,) = widget.render_lines(Region(0, event.y, widget.size.width, 1))
    return next((key for cells, key in said_keys(line.text) if event.x in cells), "")
