"""Field: the base class of the form fields. A field has a label, a control, and a line for a message."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Grid
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.domain.text import show

LONGEST = 200
HEAD = 50
W = TypeVar("W", bound=Widget)


def short(text: str) -> str:
    """Return ``text`` safe to show, with at most ``LONGEST`` characters. A longer text loses its middle.

    The end is kept, because the important part of a message is often there.
    """
    text = show(text, 4 * LONGEST)
    return text if len(text) <= LONGEST else f"{text[:HEAD]}…{text[HEAD + 1 - LONGEST :]}"


class Field(Grid):
    """The base class of the form fields. It has the name of its field in the request.

    ``COVERS`` has the names of other fields of the request that this form field also sets. Errors of those are shown
    here.
    """

    COVERS: ClassVar[tuple[str, ...]] = ()

    class Edited(Message):
        """The operator has changed the value of ``field``."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """The operator has pressed enter in ``field``, to go to the next one."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, name: str, label: str, *controls: Widget) -> None:
        super().__init__(id=name, classes="field")
        self.field_name = name
        self._label = label
        self._controls = controls
        self._error = ""
        self._note: Text | str = ""
        self._message = Static("", classes="message", markup=False)

    @property
    def value(self) -> object:
        """The value, in the type that the field of the draft has. Every subclass overrides this."""
        raise AssertionError(f"{type(self).__name__} has no value")

    @property
    def error(self) -> str:
        """The error message on the screen, or an empty string."""
        return self._error

    @property
    def control(self) -> Widget:
        """The widget that gets the focus when the field is focused."""
        return self._controls[0]

    def compose(self) -> ComposeResult:
        """Compose the label and the controls in one row, and the line for a message below."""
        yield Static(self._label, classes="label", markup=False)
        yield from self._controls
        yield self._message

    def on_mount(self) -> None:
        """Hide the line for a message while there is no message."""
        self._draw()

    def complain(self, error: str) -> None:
        """Show the message ``error`` below the control. An empty string removes it."""
        if error != self._error:
            self._error = error
            self._draw()

    def remark(self, note: Text | str) -> None:
        """Show ``note`` below the control, unless an error is shown there."""
        if note != self._note:
            self._note = note
            self._draw()

    def edited(self) -> None:
        """Post ``Edited``, because the operator has changed the value."""
        self.post_message(self.Edited(self))

    def done(self) -> None:
        """Post ``Done``, so that the form focuses the next field."""
        self.post_message(self.Done(self))

    def _draw(self) -> None:
        self.set_class(bool(self._error), "-bad")
        self._message.display = bool(self._error or self._note)
        self._message.update(f"✗ {short(self._error)}" if self._error else self._note)
