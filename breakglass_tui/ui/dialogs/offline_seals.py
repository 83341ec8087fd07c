"""OfflineSealsDialog: the ways into an envelope that need no AWS."""

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

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.dialogs.explained import ExplainedDialog
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.draft import Draft
from breakglass_tui.ui.hints import hint
from breakglass_tui.ui.offline_seals import OfflineSeals
from breakglass_tui.ui.recipients import recipients_error, with_files
from breakglass_tui.ui.widgets.assessment.custodians import Custodians
from breakglass_tui.ui.widgets.assessment.passphrase_choice import PassphraseChoice

EVERYTHING = "Age recipients, public keys of people; none, one or more"
SEED = "Other custodians for the MFA seed; none: it opens as the rest does"
WEAK = "Not strong enough: {}."
KEYS = "ctrl+n take   esc leave as it was   f1 help   tab next   ← → choose"
ABOUT = """\
What it does
  Adds ways into the envelopes that need no AWS. Each way opens an envelope by itself, with this program or with age.
  Age recipients  public keys of people, one a line, or the path of a file of them; their private keys open it
  How many        above 1, so many of the recipients must open it together, and no one person can
  MFA seed        may have other custodians, so that nobody has password and MFA at once
  Passphrase      a generated one (f2 shows it: write it down now, it is kept nowhere) or one of your own

What it will change
  Nothing in AWS. With Take the form has these seals; leaving keeps what it had.

Keys
  tab, ↑ ↓  from field to field
  ← →       choose how many, and which passphrase
  f2        show the generated passphrase, or hide it
  ctrl+n    take
  esc       leave as it was"""


class OfflineSealsDialog(SizedDialog[OfflineSeals], ExplainedDialog[OfflineSeals]):
    """Answers with what was taken, all of it right, or None: all stays as it was.

    ``known`` are words that others can guess, and a passphrase must not be made of.
    """

    NAMED, ABOUT = "Offline seals", ABOUT
    AUTO_FOCUS = "#seal_to-area"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "take", "Take", id="seals-take"),
        Binding("escape", "leave", "Leave", id="seals-leave"),
        Binding("f2", "reveal", "Show", show=False, id="seals-reveal"),
        Binding("down", "app.focus_next", "Next field", show=False, id="seals-next"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="seals-previous"),
    ]

    @dataclass(eq=False, repr=False)
    class Judged(Message):
        """A thread has read the files and held everything to its rule; ``errors`` are by the id of the widget."""

        seals: OfflineSeals
        errors: dict[str, str]

    def __init__(self, draft: Draft, known: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._seals, self._known, self._seed = draft.offline, known, draft.mfa != "none"
        self._judging = False

    def compose_dialog(self) -> Iterable[Widget]:
        """Custodians of everything, of the seed if there is one, and the passphrase."""
        seals = self._seals
        yield Static("Offline seals: each opens without AWS", classes="dialog-title", markup=False)
        yield Custodians(EVERYTHING, seals.seal_to, seals.seal_threshold, "seal_to")
        if self._seed:
            yield Custodians(SEED, seals.seal_mfa_to, seals.seal_mfa_threshold, "seal_mfa_to")
        yield PassphraseChoice(seals.passphrase, "passphrase")
        yield Horizontal(
            Button("Take", id="take", compact=True),
            Button("Leave as it was", id="leave", compact=True),
            Static("", id="seals-state", markup=False),
            id="answers",
        )
        yield Static(hint(KEYS), classes="hint", markup=False)

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close; all stays as it was."""
        self.close(None)

    def action_reveal(self) -> None:
        """Show the generated passphrase, or hide it."""
        self._passphrase.toggle()

    @on(Button.Pressed, "#take")
    def action_take(self) -> None:
        """Judge all of it, in a thread: files are read, and a passphrase is measured against lists of words."""
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
        self.query_one("#seals-state", Static).update("◌ looking at it…" if judging else "")

    def _custodians(self, id: str) -> Custodians | None:
        return next(iter(self.query(f"#{id}").results(Custodians)), None)

    @property
    def _passphrase(self) -> PassphraseChoice:
        return self.query_one(PassphraseChoice)


def _recipients(text: str, threshold: int, id: str, errors: dict[str, str]) -> str:
    """The text with the recipients of its files in place of their paths."""
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
