"""What the operator shall know of the clipboard, while there is something to know."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Static

from breakglass_tui.ui.shell.clipboard import Clipboard


class ClipboardLine(Static):
    """Takes the place of its siblings of the class ``spare`` while it speaks."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._speaking = False

    def on_mount(self) -> None:
        """Listen."""
        assert isinstance(self.app, Clipboard)
        self.app.clipboard_told.subscribe(self, self._say)

    def speak(self) -> None:
        """Something is about to be copied: say what becomes of it."""
        self._speaking = True

    def rest(self) -> None:
        """Make room for what is more important now, until something is copied again."""
        self._say("")
        self._speaking = False

    def _say(self, text: str) -> None:
        if not self._speaking:
            return
        self.update(text)
        assert isinstance(self.parent, Widget)
        self.parent.set_class(bool(text), "-told")
