"""UserNameDialog: the name of a user that no list offers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from breakglass_tui.domain import rules
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.hints import hint
from breakglass_tui.ui.widgets.assessment.typed_input import TypedInput


class UserNameDialog(SizedDialog[str]):
    """Answers with a name that IAM would take, or None. ``problem`` is why there is no list."""

    AUTO_FOCUS = "#typed-name"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", id="user-name-leave")]

    def __init__(self, title: str, problem: Problem | None, user_name: str = "") -> None:
        super().__init__()
        self._title, self._problem, self._user_name = title, problem, user_name

    def compose_dialog(self) -> Iterable[Widget]:
        """Why, the field, what is wrong, and the keys."""
        why = f"Users cannot be listed: {show(self._problem.what)}" if self._problem else "Users have not been listed."
        field = TypedInput(self._user_name, placeholder="the user's name, exactly as IAM has it")
        field.id = "typed-name"
        yield Static(self._title, classes="dialog-title", markup=False)
        yield Static(why, id="user-name-why", markup=False)
        yield field
        yield Static("", id="user-name-wrong", classes="seal-error", markup=False)
        yield Static(hint("enter validate   esc leave"), classes="hint", markup=False)

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        name = event.value.strip()
        try:
            rules.user_name(name)
        except ValueError as error:
            self._refuse(str(error))
            return
        if name:
            self.close(name)
        else:
            self._refuse("type a name first")

    def action_leave(self) -> None:
        """Close without any."""
        self.close(None)

    def _refuse(self, why: str) -> None:
        self.query_one("#user-name-wrong", Static).update(f"✗ {why}")
