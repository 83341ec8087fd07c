"""Field: a label, a control, and a message below them."""

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
    """Return ``text`` safe to show. A long text loses its middle, because a sentence ends with its point."""
    text = show(text, 4 * LONGEST)
    return text if len(text) <= LONGEST else f"{text[:HEAD]}…{text[HEAD + 1 - LONGEST :]}"


class Field(Grid):
    """A field of the form, with the name of its field in the request. ``value`` is the value of the operator.

    ``COVERS`` are other fields of the request that this field sets too.
    """

    COVERS: ClassVar[tuple[str, ...]] = ()

    class Edited(Message):
        """The operator has changed the value."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """The operator has pressed enter, for the next field."""

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
        """The value, in the type that the draft has for it."""
        raise AssertionError(f"{type(self).__name__} has no value")

    @property
    def error(self) -> str:
        """The error in the value, or an empty string."""
        return self._error

    @property
    def control(self) -> Widget:
        """The widget that takes the focus now."""
        return self._controls[0]

    def compose(self) -> ComposeResult:
        """Compose the label and the controls in one row, and the message below."""
        yield Static(self._label, classes="label", markup=False)
        yield from self._controls
        yield self._message

    def on_mount(self) -> None:
        """Hide the row of the message while there is none."""
        self._draw()

    def complain(self, error: str) -> None:
        """Show ``error``, or remove it if it is empty."""
        if error != self._error:
            self._error = error
            self._draw()

    def remark(self, note: Text | str) -> None:
        """Show ``note`` below the control while there is no error."""
        if note != self._note:
            self._note = note
            self._draw()

    def edited(self) -> None:
        """Notify the form that the value has changed."""
        self.post_message(self.Edited(self))

    def done(self) -> None:
        """Ask the form to focus the next field."""
        self.post_message(self.Done(self))

    def _draw(self) -> None:
        self.set_class(bool(self._error), "-bad")
        self._message.display = bool(self._error or self._note)
        self._message.update(f"✗ {short(self._error)}" if self._error else self._note)
