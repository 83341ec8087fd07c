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
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.typed_input import TypedInput

WHAT = "Shows who can open the envelope, and the command that opens it. Reads the file, and decrypts nothing."
ABOUT = """\
What it does
  Reads the file of an envelope, and shows who can open it and with which command. The command shows the contents, on \
a separate screen.

What it will change
  Nothing. It decrypts nothing.

Keys
  enter  continue
  esc    cancel"""
NO_FILE = "✗ No such file. Check the path."


class EnvelopePathDialog(SizedDialog[str]):
    """A dialog that returns the path of an existing file, or None on cancel.

    If no file has this path, the dialog shows an error and keeps the text, so that the operator can correct it.
    """

    NAMED, ABOUT = "Inspect an envelope", ABOUT
    AUTO_FOCUS = "#envelope-path"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Cancel", id="envelope-leave")]

    @dataclass
    class Looked(Message):
        """A worker has checked whether ``path`` is a file.

        The event loop does not check it, because a disk can be slow.
        """

        path: str
        found: bool

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the explanation, the field for the path, the line for an error, and the keys."""
        field = TypedInput("", placeholder="path of the file, such as ~/reports/password.age")
        field.id = "envelope-path"
        yield Static("Inspect an envelope", classes="dialog-title", markup=False)
        yield Static(WHAT, id="envelope-about", markup=False)
        yield field
        yield Static("", id="envelope-wrong", classes="seal-error", markup=False)
        yield Static(hint("enter continue   esc cancel   f1 help"), classes="hint", markup=False)

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
        """Close and return None."""
        self.close(None)


def unquoted(text: str) -> str:
    """Return ``text`` without surrounding white space, and without surrounding quotes.

    Shells and file managers add such quotes when a path is dropped into a terminal.
    """
    path = text.strip()
    return path[1:-1] if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"" else path


def _is_file(path: str) -> bool:
    try:
        return Path(path).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # RuntimeError: the user after ~ does not exist
        return False
