"""The form fields with one plain control: a line of text, or a row of options."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from breakglass_tui.ui.assessment.choice import ChoiceRow
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


class ChoiceField(Field):
    """A form field with a label and a row of options. ``options`` are pairs of a value and its label."""

    def __init__(self, name: str, label: str, options: tuple[tuple[str, str], ...], value: str) -> None:
        self._choice = ChoiceRow(options, value)
        super().__init__(name, label, self._choice)

    @property
    def value(self) -> str:
        """The value of the selected option."""
        return self._choice.value

    @on(ChoiceRow.Changed)
    def _changed(self, event: ChoiceRow.Changed) -> None:
        event.stop()
        self.edited()

    @on(ChoiceRow.Submitted)
    def _submitted(self, event: ChoiceRow.Submitted) -> None:
        event.stop()
        self.done()
