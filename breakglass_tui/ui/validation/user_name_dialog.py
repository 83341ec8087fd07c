"""UserNameDialog: asks for a user name. It is used if the users cannot be listed."""

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
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.typed_input import TypedInput

NOT_READ = "The list of users has not been read."
ABOUT = """\
What it does
  Asks for the name of an IAM user, because the users of the account could not be listed. Then it runs the checks on \
that user.

What it will change
  Nothing in AWS. The checks only read.

Keys
  enter  validate
  esc    cancel"""


class UserNameDialog(SizedDialog[str]):
    """A dialog that returns a valid IAM user name, or None on cancel.

    ``problem`` is why the users cannot be listed. None means that the list has not been read.
    """

    NAMED, ABOUT = "User name", ABOUT
    AUTO_FOCUS = "#typed-name"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel", id="user-name-leave")]

    def __init__(self, title: str, problem: Problem | None, user_name: str = "") -> None:
        super().__init__()
        self._title, self._problem, self._user_name = title, problem, user_name

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the reason why there is no list, the field for the name, the line for an error, and the keys."""
        why = f"Users cannot be listed: {show(self._problem.what)}" if self._problem else NOT_READ
        field = TypedInput(self._user_name, placeholder="exact IAM user name")
        field.id = "typed-name"
        yield Static(self._title, classes="dialog-title", markup=False)
        yield Static(why, id="user-name-why", markup=False)
        yield field
        yield Static("", id="user-name-wrong", classes="seal-error", markup=False)
        yield Static(hint("enter validate   esc cancel   f1 help"), classes="hint", markup=False)

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
            self._refuse("type a user name")

    def action_leave(self) -> None:
        """Close and return None."""
        self.close(None)

    def _refuse(self, why: str) -> None:
        self.query_one("#user-name-wrong", Static).update(f"✗ {why}")
