"""ExplainedDialog: the base class of dialogs that have a help text."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from breakglass_tui.ui.shell.shell import Shell

Answer = TypeVar("Answer")


class ExplainedDialog(ModalScreen[Answer]):
    """A dialog with a help text. f1 and ? open it, as on a screen.

    ``NAMED`` is the title of the help, and ``ABOUT`` is its text.
    """

    NAMED: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""
    """The help text: what the dialog does, what it will change, and its keys. Plain text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "explain", "Help", show=False, id="help"),
        Binding("question_mark", "explain", "Help", show=False, id="help-alternative"),
    ]

    def action_explain(self) -> None:
        """Open the help of this dialog, with ``ABOUT`` as its text."""
        if isinstance(self.app, Shell):
            self.app.explain(self.NAMED, self.ABOUT)
