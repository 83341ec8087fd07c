"""PickButton: shows the selected item of a list, and opens the list."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from breakglass_tui.domain.text import show


class PickButton(Widget, can_focus=True):
    """A button on one row that shows the selected item. Enter, space, a click or a typed letter opens the list."""

    BINDINGS = [Binding("enter,space", "open", "Open", id="picker-open", show=False)]

    class Opened(Message):
        """The operator wants to open the list. ``query`` is the search text to start with."""

        def __init__(self, query: str = "") -> None:
            super().__init__()
            self.query = query

    def __init__(self) -> None:
        super().__init__()
        self._text, self._detail, self._mark = "", "", ""

    def show(self, text: str, detail: str = "", mark: str = "") -> None:
        """Show ``text``, then ``detail`` in a dim style, then ``mark`` at the right end.

        If the row is too narrow, text and detail are cut, but not the mark.
        """
        self._text, self._detail, self._mark = show(text), show(detail), mark
        self.refresh()

    def render(self) -> Text:
        """Return the row: text, detail, mark and a triangle."""
        tail = f" {self._mark} ▾" if self._mark else " ▾"
        line = Text(self._text, no_wrap=True)
        if self._detail:
            line.append(f"  {self._detail}", style="dim")
        line.truncate(max(1, self.size.width - len(tail)), overflow="ellipsis", pad=True)
        return line.append(tail, style="bold" if self.has_focus else "dim")

    def action_open(self) -> None:
        """Ask to open the list."""
        self.post_message(self.Opened())

    def on_key(self, event: events.Key) -> None:
        """Ask to open the list, with a typed letter or digit as the search text."""
        if event.character and event.character.isalnum():
            event.stop()
            self.post_message(self.Opened(event.character))

    def on_click(self) -> None:
        """Ask to open the list."""
        self.action_open()

    def on_focus(self) -> None:
        """Draw the triangle in bold."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the triangle in a dim style."""
        self.refresh()
