"""PickButton: the selected item of a list, and the button that opens the list."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

from breakglass_tui.domain.text import show


class PickButton(Widget, can_focus=True):
    """One row. Enter, space, a click or a typed letter opens the list."""

    BINDINGS = [Binding("enter,space", "open", "Open", id="picker-open", show=False)]

    class Opened(Message):
        """The operator opens the list, filtered by ``query``."""

        def __init__(self, query: str = "") -> None:
            super().__init__()
            self.query = query

    def __init__(self) -> None:
        super().__init__()
        self._text, self._detail, self._mark = "", "", ""

    def tell(self, text: str, detail: str = "", mark: str = "") -> None:
        """Show ``text``, a dim ``detail`` that may be cut, and a ``mark`` that is never cut."""
        self._text, self._detail, self._mark = show(text), show(detail), mark
        self.refresh()

    def render(self) -> Text:
        """Return the text, the detail, the mark and the sign of a list."""
        tail = f" {self._mark} ▾" if self._mark else " ▾"
        line = Text(self._text, no_wrap=True)
        if self._detail:
            line.append(f"  {self._detail}", style="dim")
        line.truncate(max(1, self.size.width - len(tail)), overflow="ellipsis", pad=True)
        return line.append(tail, style="bold" if self.has_focus else "dim")

    def action_open(self) -> None:
        """Open the list."""
        self.post_message(self.Opened())

    def on_key(self, event: events.Key) -> None:
        """Open the list with a letter or digit as the search text."""
        if event.character and event.character.isalnum():
            event.stop()
            self.post_message(self.Opened(event.character))

    def on_click(self) -> None:
        """Open the list."""
        self.action_open()

    def on_focus(self) -> None:
        """Emphasise the sign of the list."""
        self.refresh()

    def on_blur(self) -> None:
        """Stop emphasising the sign of the list."""
        self.refresh()
