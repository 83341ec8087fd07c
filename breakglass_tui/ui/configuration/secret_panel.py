"""SecretPanel: asks the operator to store a secret that has no seal."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from breakglass_tui.domain.events import Asked
from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.domain.text import show
from breakglass_tui.ui.shell.clipboard import SecretClipboard
from breakglass_tui.ui.shell.secrecy import Secrecy
from breakglass_tui.ui.widgets.clipboard_line import ClipboardLine
from breakglass_tui.ui.widgets.masked import Masked
from breakglass_tui.ui.widgets.revealed import Revealed, striped

MASK = "•" * 16
FIRST = "r  reveal for 15 s. Then store it and press y. This program writes no copy."
THEN = "r  reveal again     c  copy     y  I have stored it"
SURE = "Press y again to confirm. It is not shown here again.   r  reveal it now"
NOT_SEEN = "Reveal it first (r). Then store it and press y."


class SecretPanel(Vertical):
    """A panel with a secret that the operator must store, because nothing seals it.

    The secret is hidden at first. The operator reveals it, and confirms twice that it is stored.
    """

    @dataclass
    class Stored(Message):
        """The operator has confirmed that the secret is stored. ``number`` is the number of the question."""

        number: int

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._asked: Asked | None = None
        self._seen = self._sure = False

    def compose(self) -> ComposeResult:
        """Compose the name of the secret, the public facts that belong to it, the secret, and the keys."""
        yield Static("", id="secret-label", classes="section-title", markup=False)
        yield Static("", id="secret-public", markup=False)
        yield Revealed(striped, masked=MASK, id="secret-text")
        yield Static("", id="secret-next", classes="spare", markup=False)
        yield ClipboardLine("secret-clipboard")

    def ask(self, asked: Asked) -> None:
        """Show the question ``asked``, which must be about storing a secret."""
        question = asked.question
        assert isinstance(question, StoreSecret)
        self._asked, self._seen, self._sure = asked, False, False
        self.query_one(Revealed).hold(question.secret)
        public = [(show(name), show(value)) for name, value in question.public]
        width = max((len(name) for name, _ in public), default=0)
        facts = [Content.assemble((f"{name:<{width}}  ", "$secondary"), value) for name, value in public]
        self._show("secret-label", Content(f"Store this now: {show(question.label)}"))
        self._show("secret-public", Content("\n").join(facts))
        self._next(Content(FIRST))

    def close(self) -> None:
        """Remove the question and its secret, also from the clipboard."""
        self.query_one(Revealed).hold(None)
        if self._asked is not None:
            self._asked = None
            self._clipboard.forget()

    def reveal(self) -> None:
        """Show or hide the secret."""
        if self.query_one(Revealed).toggle():
            self._saw()

    @on(Masked.Toggled)
    def _toggled(self, message: Masked.Toggled) -> None:
        """Note that the operator has seen the secret, if it was shown only a moment after the request."""
        message.stop()
        if message.masked.shown and not self._seen:
            self._saw()

    def _saw(self) -> None:
        self._seen, self._sure = True, False
        self._next(Content(THEN))

    def copy(self) -> None:
        """Copy the secret to the terminal's clipboard."""
        if self._asked is not None and isinstance(self._asked.question, StoreSecret):
            self.query_one(ClipboardLine).speak()
            self._seen = self._clipboard.copy(self._asked.question.secret) or self._seen

    def stored(self) -> None:
        """Handle the key that confirms: ask to confirm again at first, then post ``Stored``.

        If the secret has not been revealed or copied, ask the operator to do that.
        """
        if self._asked is None:
            return
        if not self._seen:
            self._next(Content.styled(NOT_SEEN, "$warning"))
        elif not self._sure:
            self._sure = True
            self.query_one(Revealed).hide()
            self._next(Content.styled(SURE, "bold $accent"))
        else:
            self.post_message(self.Stored(self._asked.number))

    def _next(self, content: Content) -> None:
        self.query_one(ClipboardLine).rest()
        self._show("secret-next", content)

    def _show(self, id: str, content: Content) -> None:
        self.query_one(f"#{id}", Static).update(content)

    @property
    def _clipboard(self) -> SecretClipboard:
        assert isinstance(self.app, Secrecy)
        return self.app.secret_clipboard
