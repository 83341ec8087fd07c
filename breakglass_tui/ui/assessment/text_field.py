"""TextField: a form field with one line of text."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from breakglass_tui.ui.assessment.field import Field
from breakglass_tui.ui.widgets.typed_input import TypedInput


class TextField(Field):
    """A form field with a label and one line of text."""

    def __init__(self, name: str, label: str, value: str, *, placeholder: str = "") -> None:
        self.input = TypedInput(value, placeholder=placeholder)
        super().__init__(name, label, self.input)

    @property
    def value(self) -> str:
        """The current text."""
        return self.input.value

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.edited()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.done()
