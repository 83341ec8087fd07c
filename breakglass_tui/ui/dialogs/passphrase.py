"""PassphraseDialog: asks for a passphrase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from breakglass_tui.secrets.passphrase_strength import weakness
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.secret_input import SecretInput

ABOUT = """\
What it does
  Asks for the passphrase of the envelopes. A new passphrase must be typed twice, and must be strong.

What it will change
  Nothing by itself. The passphrase stays in the memory of this program until the run or the first sign-in ends. It \
is never stored or shown. Without it, nothing opens an envelope that only the passphrase seals.

Keys
  ↑ ↓ tab  next or previous field
  enter    continue
  esc      cancel"""
WEAK = "Not strong enough: {}."


class PassphraseDialog(SizedDialog[Secret]):
    """A dialog that returns the typed passphrase as a ``Secret``, or None on cancel.

    A ``new`` passphrase must be typed twice and must be strong. ``known`` has words that an attacker can guess, such as
    the user name. They make a passphrase weaker.
    """

    NAMED, ABOUT = "Passphrase", ABOUT
    AUTO_FOCUS = "#first"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="passphrase-leave"),
        Binding("down", "app.focus_next", "Next", show=False, id="passphrase-next"),
        Binding("up", "app.focus_previous", "Previous", show=False, id="passphrase-previous"),
    ]

    @dataclass(eq=False, repr=False)
    class Judged(Message):
        """A worker has measured the strength of the passphrase.

        ``weak`` says why it is too weak, or is empty if it is strong.
        """

        passphrase: Secret
        weak: str

    def __init__(self, title: str, text: str, *, new: bool, known: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._title, self._text, self._new, self._known = title, text, new, known
        self._judging = False

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the purpose, the masked fields, the line for an error, the buttons, and the keys."""
        yield Static(self._title, classes="dialog-title", markup=False)
        yield Static(self._text, id="passphrase-text", markup=False)
        yield Horizontal(
            Static("Passphrase", classes="seal-label", markup=False), SecretInput(id="first"), classes="seal-row"
        )
        if self._new:
            yield Horizontal(
                Static("Repeat", classes="seal-label", markup=False), SecretInput(id="again"), classes="seal-row"
            )
        yield Static("", id="passphrase-wrong", classes="seal-error", markup=False)
        yield Horizontal(
            Button("Continue", id="go", compact=True), Button("Cancel", id="leave", compact=True), id="answers"
        )
        yield Static(hint("enter continue   esc cancel   f1 help"), classes="hint", markup=False)

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close and return None."""
        self.close(None)

    @on(Input.Submitted, "#first")
    def _first_given(self) -> None:
        if self._new:
            self.query_one("#again", SecretInput).focus()
        else:
            self._given()

    @on(Button.Pressed, "#go")
    @on(Input.Submitted, "#again")
    def _given(self) -> None:
        first = self.query_one("#first", SecretInput).value
        if not first:
            self._refuse("Type the passphrase.", "first")
        elif not self._new:
            self.close(Secret(first))
        elif first != self.query_one("#again", SecretInput).value:
            self._refuse("The two passphrases differ.", "again")
        elif not self._judging:
            self._judging = True
            self._judge(Secret(first))

    @work(thread=True, group="judge", exit_on_error=False, description="passphrase")
    def _judge(self, passphrase: Secret) -> None:

        self.post_message(self.Judged(passphrase, weakness(passphrase.reveal(), *self._known)))

    @on(Judged)
    def _judged(self, message: Judged) -> None:
        message.stop()
        self._judging = False
        if message.weak:
            self._refuse(WEAK.format(message.weak), "first")
        else:
            self.close(message.passphrase)

    def _refuse(self, why: str, where: str) -> None:
        self.query_one("#passphrase-wrong", Static).update(f"✗ {why}")
        self.query_one(f"#{where}", SecretInput).focus()
