"""ChoiceRow: a choice of one among a few options on one row."""

from __future__ import annotations

from itertools import accumulate

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

GAP = 2


class ChoiceRow(Widget, can_focus=True):
    """Options side by side. The left and right keys and the mouse select one."""

    BINDINGS = [
        Binding("left", "step(-1)", "Previous", id="choice-previous", show=False),
        Binding("right,space", "step(1)", "Next", id="choice-next", show=False),
        Binding("enter", "submit", "Next field", id="choice-submit", show=False),
    ]

    class Changed(Message):
        """The selection has changed."""

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(self, options: tuple[tuple[str, str], ...], value: str) -> None:
        super().__init__()
        self._options = options
        self._values = [option[0] for option in options]
        self.value = value

    def render(self) -> Text:
        """Return the options. A glyph and bold text mark the selected one."""
        line = Text(no_wrap=True)
        for value, label in self._options:
            chosen = value == self.value
            style = ("bold underline" if self.has_focus else "bold") if chosen else "dim"
            line.append("● " if chosen else "○ ", style="bold" if chosen else "dim").append(label, style=style)
            line.append(" " * GAP)
        return line

    def action_step(self, by: int) -> None:
        """Select the option ``by`` places to the right, and wrap around at the end."""
        self._choose((self._values.index(self.value) + by) % len(self._values))

    def action_submit(self) -> None:
        """Ask for the next field."""
        self.post_message(self.Submitted())

    def on_click(self, event: events.Click) -> None:
        """Select the clicked option."""
        ends = accumulate(len(label) + 2 + GAP for _, label in self._options)
        for index, end in enumerate(ends):
            if event.x < end:
                self._choose(index)
                return

    def on_focus(self) -> None:
        """Draw the underline that shows the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Remove the underline that shows the focus."""
        self.refresh()

    def _choose(self, index: int) -> None:
        if self._values[index] != self.value:
            self.value = self._values[index]
            self.refresh()
            self.post_message(self.Changed())
