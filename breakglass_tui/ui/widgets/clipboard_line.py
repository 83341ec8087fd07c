"""ClipboardLine: the notice about a secret in the clipboard."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.ui.shell.secrecy import Secrecy


class ClipboardLine(Static):
    """A line with the notice that the App publishes about the clipboard.

    While there is a notice, it replaces the widgets beside it that have the class ``spare``.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._speaking = False

    def on_mount(self) -> None:
        """Subscribe to the notices about the clipboard."""
        assert isinstance(self.app, Secrecy)
        self.app.secret_clipboard.notices.subscribe(self, self._say)

    def speak(self) -> None:
        """Show notices from now on. The panel of the secret calls this before a copy."""
        self._speaking = True

    def rest(self) -> None:
        """Remove the notice, and show no other until ``speak`` is called."""
        self._say("")
        self._speaking = False

    def _say(self, text: str) -> None:
        if not self._speaking:
            return
        self.update(text)
        assert isinstance(self.parent, Widget)
        self.parent.set_class(bool(text), "-copied")
