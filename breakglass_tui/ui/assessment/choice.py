"""ChoiceRow: a few options on one row, one of which is selected."""

from __future__ import annotations

from itertools import accumulate

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

GAP = 2


class ChoiceRow(Widget, can_focus=True):
    """A widget with a few options on one row. The left and right keys, space and the mouse select one.

    ``options`` are pairs of a value and its label.
    """

    BINDINGS = [
        Binding("left", "step(-1)", "Previous", id="choice-previous", show=False),
        Binding("right,space", "step(1)", "Next", id="choice-next", show=False),
        Binding("enter", "submit", "Next field", id="choice-submit", show=False),
    ]

    class Changed(Message):
        """The operator has selected another option."""

    class Submitted(Message):
        """The operator has pressed enter."""

    def __init__(self, options: tuple[tuple[str, str], ...], value: str) -> None:
        super().__init__()
        self._options = options
        self._values = [option[0] for option in options]
        self.value = value

    def render(self) -> Text:
        """Return the options as one line. A glyph and bold text mark the selected one."""
        line = Text(no_wrap=True)
        for value, label in self._options:
            chosen = value == self.value
            style = ("bold underline" if self.has_focus else "bold") if chosen else "dim"
            line.append("● " if chosen else "○ ", style="bold" if chosen else "dim").append(label, style=style)
            line.append(" " * GAP)
        return line

    def action_step(self, by: int) -> None:
        """Select the option ``by`` places to the right. After the last option follows the first."""
        self._choose((self._values.index(self.value) + by) % len(self._values))

    def action_submit(self) -> None:
        """Post ``Submitted``, so that the form focuses the next field."""
        self.post_message(self.Submitted())

    def on_click(self, event: events.Click) -> None:
        """Select the clicked option."""
        ends = accumulate(len(label) + 2 + GAP for _, label in self._options)
        for index, end in enumerate(ends):
            if event.x < end:
                self._choose(index)
                return

    def on_focus(self) -> None:
        """Draw the underline of the selected option, which shows the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Remove the underline of the selected option."""
        self.refresh()

    def _choose(self, index: int) -> None:
        if self._values[index] != self.value:
            self.value = self._values[index]
            self.refresh()
            self.post_message(self.Changed())
