"""SignInPanel: asks the operator to sign in to AWS again, because the credentials have expired during the run."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from breakglass_tui.domain.events import Asked
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.identity_bar import grouped

WHAT = "The run waits. Nothing is lost."
NEXT = "enter  retry after you have signed in     esc  stop the run"
TRYING = "◌ Reading the new credentials…"


class SignInPanel(Vertical):
    """A panel that says why the operator must sign in to AWS again, and why the last credentials were refused."""

    @dataclass
    class SignedIn(Message):
        """The operator says that new credentials are available. ``number`` is the number of the question."""

        number: int

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._asked: Asked | None = None

    def compose(self) -> ComposeResult:
        """Compose the account, the reason, the error and the keys."""
        yield Static("", id="sign-in-title", classes="section-title", markup=False)
        yield Static("", id="sign-in-why", markup=False)
        yield Static(WHAT, id="sign-in-what", markup=False)
        yield Static("", id="sign-in-refused", markup=False)
        yield Static("", id="sign-in-next", markup=False)

    def ask(self, asked: Asked) -> None:
        """Show the question ``asked``, which must be about signing in."""
        question = asked.question
        assert isinstance(question, SignIn)
        self._asked = asked
        self._show("sign-in-title", f"Sign in to account {show(grouped(question.account_id))}")
        self._show("sign-in-why", show(question.why))
        self._show("sign-in-refused", f"✗ {show(question.refused)}" if question.refused else "")
        self._show("sign-in-next", NEXT)

    def close(self) -> None:
        """Remove the question."""
        self._asked = None

    def try_again(self) -> None:
        """Post ``SignedIn``, so that the run tries the new credentials."""
        if self._asked is not None:
            self._show("sign-in-next", TRYING)
            self.post_message(self.SignedIn(self._asked.number))

    def _show(self, id: str, text: str) -> None:
        self.query_one(f"#{id}", Static).update(Content(text))
