"""Field: a label, a control, and under them what is to be said about it."""

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
    """``text`` safe to look at; what is cut goes from the middle, for a sentence's point is at its end."""
    text = show(text, 4 * LONGEST)
    return text if len(text) <= LONGEST else f"{text[:HEAD]}…{text[HEAD + 1 - LONGEST :]}"


class Field(Grid):
    """One choice of the form, known by the name of its field in the request. ``value`` is what was chosen.

    ``COVERS`` are fields of the request that have no place of their own.
    """

    COVERS: ClassVar[tuple[str, ...]] = ()

    class Edited(Message):
        """The operator changed the value."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """The operator pressed enter and wants the next field."""

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
        """What was chosen, in the draft's own type."""
        raise AssertionError(f"{type(self).__name__} has no value")

    @property
    def error(self) -> str:
        """What is wrong with the value, or nothing."""
        return self._error

    @property
    def control(self) -> Widget:
        """The widget that takes the keys now."""
        return self._controls[0]

    def compose(self) -> ComposeResult:
        """Label and controls in one row, the message below."""
        yield Static(self._label, classes="label", markup=False)
        yield from self._controls
        yield self._message

    def on_mount(self) -> None:
        """A message takes a row only when there is one."""
        self._draw()

    def complain(self, error: str) -> None:
        """Show what is wrong, or nothing any more."""
        if error != self._error:
            self._error = error
            self._draw()

    def remark(self, note: Text | str) -> None:
        """A quiet line under the control."""
        if note != self._note:
            self._note = note
            self._draw()

    def edited(self) -> None:
        """Tell the form that the value is another one."""
        self.post_message(self.Edited(self))

    def done(self) -> None:
        """Tell the form that the next field may have the focus."""
        self.post_message(self.Done(self))

    def _draw(self) -> None:
        self.set_class(bool(self._error), "-bad")
        self._message.display = bool(self._error or self._note)
        self._message.update(f"✗ {short(self._error)}" if self._error else self._note)
