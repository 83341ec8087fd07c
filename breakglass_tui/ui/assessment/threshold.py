"""Threshold: input for how many custodians must act together to open an envelope."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget

MOST = 20
ONE = "1 custodian can open it"


class Threshold(Widget, can_focus=True):
    """A widget with a number from 1 to the number of custodians. The left and right keys and the mouse change it."""

    BINDINGS = [
        Binding("left,minus", "step(-1)", "Fewer", id="threshold-fewer", show=False),
        Binding("right,plus,space", "step(1)", "More", id="threshold-more", show=False),
        Binding("enter", "submit", "Next field", id="threshold-submit", show=False),
    ]

    class Changed(Message):
        """The operator has changed the number."""

    def __init__(self, value: int) -> None:
        super().__init__()
        self._wanted = value
        self._count, self._open = 0, False

    @property
    def value(self) -> int:
        """How many custodians must act together. It is at most the number of custodians, if that is known."""
        return self._wanted if self._open else max(1, min(self._wanted, self._count))

    def show(self, count: int, *, more: bool) -> None:
        """Set the number of custodians to ``count``.

        ``more`` says that a recipients file has others, whose number is not known yet. Then the largest threshold is
        ``MOST``.
        """
        self._count, self._open = count, more
        self.disabled = count < 2 and not more
        self.refresh()

    def render(self) -> Text:
        """Return the number between arrows, and what it means. With fewer than two custodians there is no choice."""
        if self.disabled:
            return Text(ONE if self._count else "", style="dim", no_wrap=True)
        count = "them" if self._open else f"{self._count}"
        how = f"any {self.value} of {count} must act together"
        if self.value == 1:
            how = f"any 1 of {count} can open it"
        elif self.value == self._count and not self._open:
            how = f"{'both' if self.value == 2 else f'all {self.value}'} must act together"
        return Text(f"‹ {self.value} › {how}", style="bold" if self.has_focus else "", no_wrap=True)

    def action_step(self, by: int) -> None:
        """Change the number by ``by``, but keep it between 1 and its maximum."""
        value = max(1, min(self.value + by, MOST if self._open else self._count))
        if value != self.value:
            self._wanted = value
            self.refresh()
            self.post_message(self.Changed())

    def action_submit(self) -> None:
        """Focus the next field."""
        self.screen.focus_next()

    def on_click(self, event: events.Click) -> None:
        """Decrease the number after a click on its left arrow. Increase it after a click elsewhere."""
        self.action_step(-1 if event.x <= 1 else 1)

    def on_focus(self) -> None:
        """Draw the number in bold."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the number in the normal style."""
        self.refresh()
