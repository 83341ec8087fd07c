"""The operator's turn to store a secret that nothing seals."""

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
from breakglass_tui.ui.shell.clipboard import Clipboard
from breakglass_tui.ui.widgets.configuration.clipboard_line import ClipboardLine
from breakglass_tui.ui.widgets.configuration.masked import Masked
from breakglass_tui.ui.widgets.configuration.revealed import Revealed, striped

MASK = "•" * 16
FIRST = "r  reveal it for 15 s, then y once it is stored. It is shown here only, and nothing else keeps it."
THEN = "r  reveal again     c  copy     y  I have stored it"
SURE = "Press y once more: after that it is never shown again.   r  reveal again"
NOT_SEEN = "Reveal it first (r): what was never seen cannot have been stored."


class SecretPanel(Vertical):
    """One secret, masked; revealed on request, and gone once the operator has said twice that it is stored."""

    @dataclass
    class Stored(Message):
        """The operator has stored the secret."""

        number: int

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._asked: Asked | None = None
        self._seen = self._sure = False

    def compose(self) -> ComposeResult:
        """What it is, what belongs to it, the secret, and what to do."""
        yield Static("", id="secret-label", classes="section-title", markup=False)
        yield Static("", id="secret-public", markup=False)
        yield Revealed(striped, masked=MASK, id="secret-text")
        yield Static("", id="secret-next", classes="spare", markup=False)
        yield ClipboardLine("secret-clipboard")

    def ask(self, asked: Asked) -> None:
        """Put this question."""
        question = asked.question
        assert isinstance(question, StoreSecret)
        self._asked, self._seen, self._sure = asked, False, False
        self.query_one(Revealed).hold(question.secret)
        public = [(show(name), show(value)) for name, value in question.public]
        width = max((len(name) for name, _ in public), default=0)
        facts = [Content.assemble((f"{name:<{width}}  ", "$secondary"), value) for name, value in public]
        self._tell("secret-label", Content(f"Store this now: {show(question.label)}"))
        self._tell("secret-public", Content("\n").join(facts))
        self._next(Content(FIRST))

    def close(self) -> None:
        """Forget the question, and what was copied of it."""
        self.query_one(Revealed).hold(None)
        if self._asked is not None:
            self._asked = None
            self._clipboard.forget_copying()

    def reveal(self) -> None:
        """Show the secret, or hide it."""
        if self.query_one(Revealed).toggle():
            self._saw()

    @on(Masked.Told)
    def _told(self, message: Masked.Told) -> None:
        """It may be shown a moment later than it was asked for."""
        message.stop()
        if message.masked.shown and not self._seen:
            self._saw()

    def _saw(self) -> None:
        self._seen, self._sure = True, False
        self._next(Content(THEN))

    def copy(self) -> None:
        """Send the secret to the clipboard."""
        if self._asked is not None and isinstance(self._asked.question, StoreSecret):
            self.query_one(ClipboardLine).speak()
            self._seen = self._clipboard.copy_secret(self._asked.question.secret) or self._seen

    def stored(self) -> None:
        """Take the operator's word, the second time it is given."""
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
        self._tell("secret-next", content)

    def _tell(self, id: str, content: Content) -> None:
        self.query_one(f"#{id}", Static).update(content)

    @property
    def _clipboard(self) -> Clipboard:
        assert isinstance(self.app, Clipboard)
        return self.app
