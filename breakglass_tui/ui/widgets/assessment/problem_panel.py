"""ProblemPanel: what happened, why, what to do, and the key that tries again."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Button, Static

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show


class ProblemPanel(Vertical):
    """A problem in place of what it keeps from working."""

    class Retry(Message):
        """The operator wants another try."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self._problem = problem

    def compose(self) -> ComposeResult:
        """The three sentences, then the way on."""
        problem = self._problem
        yield Static(f"✗ {show(problem.what)}", classes="problem-what", markup=False)
        if problem.why:
            yield Static(show(problem.why), classes="hint", markup=False)
        if problem.next:
            yield Static(f"→ {show(problem.next)}", classes="problem-next", markup=False)
        yield Button("Try again  ctrl+r", compact=True)

    def on_mount(self) -> None:
        """Enter tries again."""
        self.query_one(Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        event.stop()
        self.post_message(self.Retry())
