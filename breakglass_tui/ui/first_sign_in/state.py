"""The state of a first sign-in. This module uses no widgets and makes no calls to AWS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.recovery_events import FirstSignInDone
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.first_sign_in import FirstSignIn, PasswordChecked, SignInEvent, StoragePending
from breakglass_tui.secrets.passphrase_seal import PASSPHRASE
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.state.validation import UserValidation, Validation

STEP = "login-profile"


class Stage(IntEnum):
    """The stages of a first sign-in, in the order in which they happen.

    SEALING: the permanent password is sealed. STORING: the operator stores it, because the run has no seal. SIGNING_IN:
    the operator signs in and sets it. CONFIRMED: AWS reports that the password has changed.
    """

    SEALING = 1
    STORING = 2
    SIGNING_IN = 3
    CONFIRMED = 4


@dataclass(eq=False, repr=False)
class FirstSignInState:
    """The state of one attempt at a first sign-in, which replaces the temporary password by a permanent one.

    Only the App's thread changes it. ``validation`` is the validation from which the operator started it.
    ``passphrase`` encrypts the new password, if the run used a passphrase that this process does not know.

    ``worker`` is the worker that makes the calls. ``record`` is the record of the run that created the user. Both are
    None until the worker starts. ``reads`` counts how often AWS was asked for the age of the password. ``read_at`` is
    the time of the last answer, and ``unread`` is why AWS could not be asked.

    ``over`` is True after the worker has ended, and ``problem`` is why it failed. ``practising`` is True while the
    simulated sign-in page responds. ``left`` is True after the operator has left the screen.
    """

    validation: Validation
    user_name: str
    passphrase: Secret | None = None
    worker: FirstSignIn | None = None
    setup: Setup | None = None
    record: RunRecord | None = None
    stage: Stage = Stage.SEALING
    reads: int = 0
    read_at: datetime | None = None
    unread: Problem | None = None
    problem: Problem | None = None
    over: bool = False
    practising: bool = False
    left: bool = False

    def begin(self, worker: FirstSignIn) -> None:
        """Register the worker that a thread is about to run.

        Stop the worker if the operator has left the screen meanwhile.
        """
        self.worker = worker
        if self.left:
            worker.stop()

    def leave(self) -> None:
        """Stop the worker, because the operator leaves the screen. The current call finishes, and no other starts."""
        self.left = True
        if self.worker is not None:
            self.worker.stop()

    def apply(self, news: SignInEvent) -> None:
        """Update the stage, the reads of the password's age and the record with one event of the worker."""
        if isinstance(news, StoragePending):
            self.stage = Stage.STORING
            return
        if isinstance(news, PasswordChecked):
            self.stage = max(self.stage, Stage.SIGNING_IN)
            self.reads, self.read_at, self.unread = self.reads + 1, news.at, news.problem
            return
        if isinstance(news, FirstSignInDone):
            self.stage = Stage.CONFIRMED
        if self.record is not None:
            self.record.apply(news)

    @property
    def temporary(self) -> Secret | None:
        """The temporary password that the run set, or None if this process does not know it."""
        return self.worker.temporary if self.worker else None

    @property
    def permanent(self) -> Secret | None:
        """The permanent password to set at the sign-in.

        It is None before it is sealed, or if this process does not know it.
        """
        return self.worker.permanent if self.worker and self.stage > Stage.SEALING else None

    @property
    def new_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """The envelopes of the permanent password. Empty until it is sealed."""
        return (self.record.permanent or ()) if self.record else ()

    @property
    def old_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """The envelopes of the temporary password."""
        step = self.record.steps.get(STEP) if self.record else None
        return tuple(each for each in step.envelopes if each not in self.new_envelopes) if step else ()

    @property
    def seals(self) -> bool:
        """Whether envelopes contain the permanent password. Otherwise the operator stores it.

        Before it is sealed, this is whether the run seals its secrets.
        """
        if self.stage > Stage.SEALING:
            return bool(self.new_envelopes)
        return bool(self.old_envelopes) or (self.setup is not None and self.setup.request.has_seal)

    @property
    def seed_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """The envelopes of the MFA seed. Empty if the run sealed none."""
        return tuple(each for each in (self.record.envelopes if self.record else ()) if "mfa-seed" in each.contents)


def wants_passphrase(session: Session, validation: Validation) -> bool:
    """Return whether the first sign-in must ask for the passphrase of the run.

    It asks if the run seals with one and this process does not know it.
    """
    if isinstance(validation, UserValidation):
        request = validation.subject.request
        return request is not None and request.seal_passphrase and not validation.subject.signing_in
    setup = session.run.setup
    known = setup is None or setup.vault.get(PASSPHRASE) is not None
    return not known and setup is not None and setup.request.seal_passphrase and session.run.record.permanent is None
