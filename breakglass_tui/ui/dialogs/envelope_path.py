"""EnvelopePathDialog: where the envelope is that shall be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.widgets.assessment.typed_input import TypedInput

ABOUT = (
    "The file is only looked at, from outside: this says what opens it, and with which command. What is in it is shown "
    "by that command, on a screen of its own."
)


class EnvelopePathDialog(SizedDialog[str]):
    """Answers with a path as it was typed, or None."""

    AUTO_FOCUS = "#envelope-path"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", id="envelope-leave")]

    def compose_dialog(self) -> Iterable[Widget]:
        """What will happen, the field, and the keys."""
        field = TypedInput("", placeholder="path of the file, as in ~/reports/…/password.age")
        field.id = "envelope-path"
        yield Static("Open an envelope", classes="dialog-title", markup=False)
        yield Static(ABOUT, id="envelope-about", markup=False)
        yield field
        yield Static("enter look at it   esc leave", classes="hint", markup=False)

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.close(event.value.strip())

    def action_leave(self) -> None:
        """Close without any."""
        self.close(None)
