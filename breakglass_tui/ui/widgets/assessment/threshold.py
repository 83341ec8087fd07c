"""Threshold: how many of some custodians must open together."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

MOST = 20
ONE = "one custodian opens it alone"
ALONE = "‹ 1 › each of them opens it alone"


class Threshold(Widget, can_focus=True):
    """A number from one to how many there are; left and right change it, so does the mouse."""

    BINDINGS = [
        Binding("left,minus", "step(-1)", "Fewer", id="threshold-fewer", show=False),
        Binding("right,plus,space", "step(1)", "More", id="threshold-more", show=False),
        Binding("enter", "submit", "Next field", id="threshold-submit", show=False),
    ]

    class Changed(Message):
        """It is another number."""

    def __init__(self, value: int) -> None:
        super().__init__()
        self.value = value
        self._count, self._open = 0, False

    def tell(self, count: int, *, more: bool) -> None:
        """There are so many custodians, or ``more`` in a file that is not read yet."""
        self._count, self._open = count, more
        if not more:
            self.value = max(1, min(self.value, count))
        self.disabled = count < 2 and not more
        self.refresh()

    def render(self) -> Text:
        """The number between its arrows, and what it means."""
        if self.disabled:
            return Text(ONE if self._count else "", style="dim", no_wrap=True)
        if self.value == 1:
            words = ALONE
        else:
            words = f"‹ {self.value} › of {self._count}{' or more' if self._open else ''} must open it together"
        return Text(words, style="bold" if self.has_focus else "", no_wrap=True)

    def action_step(self, by: int) -> None:
        """One more or one fewer."""
        value = max(1, min(self.value + by, MOST if self._open else self._count))
        if value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Changed())

    def action_submit(self) -> None:
        """Go on to the next field."""
        self.screen.focus_next()

    def on_click(self, event: events.Click) -> None:
        """The left arrow takes one away, anything else adds one."""
        self.action_step(-1 if event.x <= 1 else 1)

    def on_focus(self) -> None:
        """The number stands out with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """And no longer without."""
        self.refresh()
