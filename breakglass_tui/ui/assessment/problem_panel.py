"""ProblemPanel: shows a problem, with a button to retry."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Button, Static

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show


class ProblemPanel(Vertical):
    """A panel with a problem, shown in place of what the problem prevents."""

    class Retry(Message):
        """The operator has pressed the button to retry."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Compose the sentences of the problem (what happened, why, what to do next) and the button."""
        problem = self._problem
        yield Static(f"✗ {show(problem.what)}", classes="problem-what", markup=False)
        if problem.why:
            yield Static(show(problem.why), classes="hint", markup=False)
        if problem.next:
            yield Static(f"→ {show(problem.next)}", classes="problem-next", markup=False)
        yield Button("Retry  ctrl+r", compact=True)

    def on_mount(self) -> None:
        """Focus the button, so that enter retries."""
        self.query_one(Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Post ``Retry``."""
        event.stop()
        self.post_message(self.Retry())
