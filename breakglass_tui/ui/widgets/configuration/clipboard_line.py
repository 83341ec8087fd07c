"""ClipboardLine: the state of the clipboard after a secret was copied."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.ui.shell.clipboard import Clipboard


class ClipboardLine(Static):
    """The state of the clipboard. While it has a text, it replaces its siblings of the class ``spare``."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._speaking = False

    def on_mount(self) -> None:
        """Subscribe to the state of the clipboard."""
        assert isinstance(self.app, Clipboard)
        self.app.clipboard_told.subscribe(self, self._say)

    def speak(self) -> None:
        """Show the state of the clipboard from now on."""
        self._speaking = True

    def rest(self) -> None:
        """Remove the text, and show nothing until the next copy."""
        self._say("")
        self._speaking = False

    def _say(self, text: str) -> None:
        if not self._speaking:
            return
        self.update(text)
        assert isinstance(self.parent, Widget)
        self.parent.set_class(bool(text), "-told")
