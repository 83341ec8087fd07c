"""EnvelopePathDialog: asks for the path of an envelope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.hints import hint
from breakglass_tui.ui.widgets.assessment.typed_input import TypedInput

ABOUT = (
    "This reads the header of the file and decrypts nothing. It shows who can open the envelope, and with which "
    "command. That command shows the contents, on a separate screen."
)
NO_FILE = "✗ No such file. Check the path."


class EnvelopePathDialog(SizedDialog[str]):
    """Return the path of an existing file, or None on cancel. A wrong path stays in the field, to be corrected."""

    AUTO_FOCUS = "#envelope-path"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel", id="envelope-leave")]

    @dataclass
    class Looked(Message):
        """A worker has checked whether ``path`` is a file. A slow disk must not block the event loop."""

        path: str
        found: bool

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose what the dialog does, the field, and the keys."""
        field = TypedInput("", placeholder="path of the file, such as ~/reports/password.age")
        field.id = "envelope-path"
        yield Static("Open an envelope", classes="dialog-title", markup=False)
        yield Static(ABOUT, id="envelope-about", markup=False)
        yield field
        yield Static("", id="envelope-wrong", classes="seal-error", markup=False)
        yield Static(hint("enter continue   esc cancel"), classes="hint", markup=False)

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        path = unquoted(event.value)
        if path:
            self._look(path)

    @work(thread=True, group="envelope-path", exclusive=True, exit_on_error=False, description="envelope path")
    def _look(self, path: str) -> None:
        self.post_message(self.Looked(path, _is_file(path)))

    @on(Looked)
    def _looked(self, message: Looked) -> None:
        message.stop()
        if message.found:
            self.close(message.path)
        else:
            self.query_one("#envelope-wrong", Static).update(NO_FILE)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#envelope-wrong", Static).update("")

    def action_leave(self) -> None:
        """Close without a path."""
        self.close(None)


def unquoted(text: str) -> str:
    """Return ``text`` without white space around it and without the quotes that a shell or a file manager adds."""
    path = text.strip()
    return path[1:-1] if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"" else path


def _is_file(path: str) -> bool:
    try:
        return Path(path).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # RuntimeError: the user after ~ does not exist
        return False
