"""OfflineSealsDialog: edits the seals that open an envelope without AWS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Static

from breakglass_tui.secrets.recipient_text import recipients_error, with_files
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.assessment.custodians import Custodians
from breakglass_tui.ui.assessment.passphrase_choice import PassphraseChoice
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.state.draft import Draft, OfflineSeals
from breakglass_tui.ui.widgets.hints import hint

EVERYTHING = "age recipients (public keys), one per line"
SEED = "Separate recipients for the MFA seed (empty: same as above)"
WEAK = "Not strong enough: {}."
KEYS = "ctrl+n save   esc cancel   f1 help   tab next   ← → change"
ABOUT = """\
What it does
  Adds seals that open the envelopes without AWS. Each seal is enough on its own, with this program or with age.
  Age recipients  public keys, one per line, or the path of a file with public keys. The private keys open the envelope.
  New key pair    run age-keygen -o key.txt: it prints the public key. Keep key.txt offline.
  How many        1: each recipient can open it alone. Above 1: this number of recipients must act together.
  MFA seed        separate recipients, so that no one person can open both the password and the MFA seed
  Passphrase      a generated one or your own. f2 shows the generated one. Write it down: it is not stored.

What it will change
  Nothing in AWS. Save puts these seals into the form. Cancel keeps the seals of the form.

Keys
  tab, ↑ ↓  next or previous field
  ← →       change how many, or the kind of passphrase
  f2        show or hide the generated passphrase
  ctrl+n    save
  esc       cancel"""


class OfflineSealsDialog(SizedDialog[OfflineSeals]):
    """A dialog that edits the offline seals of a draft. It returns valid ``OfflineSeals``, or None on cancel.

    ``known`` has words that an attacker can guess, such as the user name. A passphrase must not consist of them.
    """

    NAMED, ABOUT = "Offline seals", ABOUT
    AUTO_FOCUS = "#seal_to-area"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "take", "Save", id="seals-take"),
        Binding("escape", "leave", "Cancel", id="seals-leave"),
        Binding("f2", "reveal", "Show", show=False, id="seals-reveal"),
        Binding("down", "app.focus_next", "Next field", show=False, id="seals-next"),
        Binding("up", "app.focus_previous", "Previous field", show=False, id="seals-previous"),
    ]

    @dataclass(eq=False, repr=False)
    class Judged(Message):
        """A worker has validated the input. ``errors`` has an error message by field id, and is empty if all is valid.

        In ``seals``, each path of a recipients file is replaced by the recipients in that file.
        """

        seals: OfflineSeals
        errors: dict[str, str]

    def __init__(self, draft: Draft, known: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._seals, self._known, self._seed = draft.offline, known, draft.mfa != "none"
        self._judging = False

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the fields for the recipients and the passphrase. With an MFA device, add those for its seed."""
        seals = self._seals
        yield Static("Offline seals: each opens the envelopes without AWS", classes="dialog-title", markup=False)
        yield Custodians(EVERYTHING, seals.seal_to, seals.seal_threshold, "seal_to")
        if self._seed:
            yield Custodians(SEED, seals.seal_mfa_to, seals.seal_mfa_threshold, "seal_mfa_to", noun="MFA seed")
        yield PassphraseChoice(seals.passphrase, "passphrase")
        yield Horizontal(
            Button("Save", id="take", compact=True),
            Button("Cancel", id="leave", compact=True),
            Static("", id="seals-state", markup=False),
            id="answers",
        )
        yield Static(hint(KEYS), classes="hint", markup=False)

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close and return None."""
        self.close(None)

    def action_reveal(self) -> None:
        """Show or hide the generated passphrase."""
        self._passphrase.toggle()

    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        """Save: validate every field in a worker, and close the dialog if all are valid.

        Validation takes time: it reads recipients files and compares the passphrase with lists of common words.
        """
        mistake = self._passphrase.mistake
        self._passphrase.complain(mistake)
        if mistake:
            self._passphrase.focus_mistake()
        elif not self._judging:
            self._wait(judging=True)
            self._judge(self._typed(), own=self._passphrase.own)

    def _typed(self) -> OfflineSeals:
        every, kept, passphrase = self._custodians("seal_to"), self._seals, self._passphrase.passphrase()
        assert every is not None
        seed = self._custodians("seal_mfa_to")
        if seed is None:
            return OfflineSeals(every.text, every.threshold, kept.seal_mfa_to, kept.seal_mfa_threshold, passphrase)
        return OfflineSeals(every.text, every.threshold, seed.text, seed.threshold, passphrase)

    @work(thread=True, group="judge", exit_on_error=False, description="offline seals")
    def _judge(self, typed: OfflineSeals, *, own: bool) -> None:
        errors: dict[str, str] = {}
        every = _recipients(typed.seal_to, typed.seal_threshold, "seal_to", errors)
        seed = _recipients(typed.seal_mfa_to, typed.seal_mfa_threshold, "seal_mfa_to", errors)
        if own and typed.passphrase is not None:
            weak = _weakness(typed.passphrase, self._known)
            errors |= {"passphrase": WEAK.format(weak)} if weak else {}
        seals = OfflineSeals(every, typed.seal_threshold, seed, typed.seal_mfa_threshold, typed.passphrase)
        self.post_message(self.Judged(seals, errors))

    @on(Judged)
    def _judged(self, message: Judged) -> None:
        message.stop()
        self._wait(judging=False)
        if not message.errors:
            self.close(message.seals)
            return
        for custodians in self.query(Custodians):
            custodians.complain(message.errors.get(custodians.id or "", ""))
        self._passphrase.complain(message.errors.get("passphrase", ""))
        bad = next((each for each in self.query(Custodians) if each.error), None)
        if bad is not None:
            bad.area.focus()
        else:
            self._passphrase.focus_mistake()

    def _wait(self, *, judging: bool) -> None:
        self._judging = judging
        self.query_one("#seals-state", Static).update("◌ checking…" if judging else "")

    def _custodians(self, id: str) -> Custodians | None:
        return next(iter(self.query(f"#{id}").results(Custodians)), None)

    @property
    def _passphrase(self) -> PassphraseChoice:
        return self.query_one(PassphraseChoice)


def _recipients(text: str, threshold: int, id: str, errors: dict[str, str]) -> str:
    """Return ``text`` with each path of a recipients file replaced by the recipients in that file.

    If something is invalid, store an error message in ``errors`` under ``id``.
    """
    try:
        recipients = with_files(text)
    except ValueError as error:
        errors[id] = str(error)
        return text
    error_text = recipients_error(recipients, threshold)
    if error_text:
        errors[id] = error_text
    return "\n".join(recipients)


def _weakness(passphrase: Secret, known: tuple[str, ...]) -> str:
    from breakglass_tui.secrets.passphrase_strength import weakness

    return weakness(passphrase.reveal(), *known)
