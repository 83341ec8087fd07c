"""Guide: shows the instructions for the current step of a first sign-in, with the password to use."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.first_sign_in.pages import Page
from breakglass_tui.ui.shell.secrecy import Secrecy
from breakglass_tui.ui.widgets.clipboard_line import ClipboardLine
from breakglass_tui.ui.widgets.paragraphs import Paragraphs
from breakglass_tui.ui.widgets.revealed import Revealed, striped

MASK = "•" * 16


class Guide(Vertical):
    """A widget that shows a ``Page``: instructions, a password that is hidden at first, and keys."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._secret: Secret | None = None

    def compose(self) -> ComposeResult:
        """Compose the title, the facts, the password, the keys and the notice about the clipboard."""
        yield Static("", id="guide-title", classes="section-title", markup=False)
        yield VerticalScroll(Paragraphs(id="guide-facts"), id="guide-scroll")
        yield Revealed(striped, masked=MASK, id="guide-secret")
        yield Static("", id="guide-keys", classes="spare", markup=False)
        yield ClipboardLine("guide-clipboard")

    def draw(self, page: Page) -> None:
        """Show ``page``. If its password differs from the one before, the new password is hidden."""
        self._show("guide-title", page.title)
        self._show("guide-keys", page.keys)
        self.query_one("#guide-facts", Paragraphs).show(page.facts)
        self.set_class(page.secret is not None, "-secret")
        self.set_class(not page.keys, "-quiet")
        if page.secret is not self._secret:
            self._secret = page.secret
            self.query_one(Revealed).hold(page.secret)
            self.query_one(ClipboardLine).rest()

    def reveal(self) -> None:
        """Show or hide the password, if the page has one."""
        if self._secret is not None:
            self.query_one(Revealed).toggle()

    def copy(self) -> None:
        """Copy the password to the terminal's clipboard, if the page has one."""
        if self._secret is not None:
            assert isinstance(self.app, Secrecy)
            self.query_one(ClipboardLine).speak()
            self.app.secret_clipboard.copy(self._secret)

    def _show(self, id: str, text: str) -> None:
        widget = self.query_one(f"#{id}", Static)
        if widget.content != text:
            widget.update(text)
