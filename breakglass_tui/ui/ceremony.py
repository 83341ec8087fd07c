"""Ceremony: the state of a first sign-in. It knows no widgets and no cloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from breakglass_tui.ui.proof import Visit

if TYPE_CHECKING:
    from breakglass_tui.domain.checks import CheckResult
    from breakglass_tui.domain.events import EnvelopeInfo
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.record import RunRecord
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.first_sign_in import FirstSignIn, SignInEvent
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.ui.flow import Session
    from breakglass_tui.ui.proof import Proof

STEP = "login-profile"


class Stage(IntEnum):
    """The stages of a first sign-in, in order."""

    SEALING = 1
    STORING = 2
    SIGNING_IN = 3
    CONFIRMED = 4


@dataclass(eq=False, repr=False)
class Ceremony:
    """One attempt at the first sign-in of the user of ``proof``. Only the App changes it, on its own thread.

    ``record`` is the record of the run that created the user. It is set when the attempt starts. ``looks`` counts the
    reads of the password's age from AWS, ``looked_at`` is the time of the last one, and ``unread`` is why it failed.
    ``over`` means that the worker has ended, ``problem`` is why it failed, and ``left`` means that the operator has
    left the screen. ``passphrase`` encrypts the new password, if the run used a passphrase that this process does not
    know.
    """

    proof: Proof
    user_name: str
    passphrase: Secret | None = None
    work: FirstSignIn | None = None
    setup: Setup | None = None
    record: RunRecord | None = None
    stage: Stage = Stage.SEALING
    looks: int = 0
    looked_at: datetime | None = None
    unread: Problem | None = None
    problem: Problem | None = None
    over: bool = False
    practising: bool = False
    left: bool = False

    def begin(self, work: FirstSignIn) -> None:
        """Register the worker that a thread is about to run. Stop it if the operator has left meanwhile."""
        self.work = work
        if self.left:
            work.stop()

    def leave(self) -> None:
        """Stop the worker: the current call finishes, and no other starts."""
        self.left = True
        if self.work is not None:
            self.work.stop()

    def apply(self, news: SignInEvent) -> None:
        """Apply one event of the first-sign-in worker."""
        from breakglass_tui.domain.recovery_events import FirstSignInDone
        from breakglass_tui.engine.first_sign_in import PasswordChecked, StoragePending

        if isinstance(news, StoragePending):
            self.stage = Stage.STORING
            return
        if isinstance(news, PasswordChecked):
            self.stage = max(self.stage, Stage.SIGNING_IN)
            self.looks, self.looked_at, self.unread = self.looks + 1, news.at, news.problem
            return
        if isinstance(news, FirstSignInDone):
            self.stage = Stage.CONFIRMED
        if self.record is not None:
            self.record.apply(news)

    @property
    def temporary(self) -> Secret | None:
        """The password that the run has set, if this process knows it."""
        return self.work.temporary if self.work else None

    @property
    def permanent(self) -> Secret | None:
        """The password to set at the sign-in, once it is sealed, and if this process knows it."""
        return self.work.permanent if self.work and self.stage > Stage.SEALING else None

    @property
    def new_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """The envelopes of the permanent password."""
        return (self.record.permanent or ()) if self.record else ()

    @property
    def old_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """The envelopes of the temporary password."""
        step = self.record.steps.get(STEP) if self.record else None
        return tuple(each for each in step.envelopes if each not in self.new_envelopes) if step else ()

    @property
    def seed_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """The envelopes of the MFA seed, if the run sealed it."""
        return tuple(each for each in (self.record.envelopes if self.record else ()) if "mfa-seed" in each.contents)


def may_sign_in(session: Session, proof: Proof) -> bool:
    """Return whether a first sign-in is due: a check reports it, or one was started here and did not finish."""
    access = proof.record.checks.get("access")
    pending = access is not None and bool(access.pending)
    if isinstance(proof, Visit):
        subject, request = proof.subject, proof.subject.request
        asked = request is not None and request.console and request.password_reset_required
        return asked and not subject.signed_in and (subject.signing_in or pending)
    return session.done and _awaits(session.record, access)


def _awaits(record: RunRecord, access: CheckResult | None) -> bool:
    from breakglass_tui.engine.first_sign_in import awaits_first_sign_in

    started = record.permanent is not None
    return awaits_first_sign_in(record) and (started or (access is not None and bool(access.pending)))


def wants_passphrase(session: Session, proof: Proof) -> bool:
    """Return whether the first sign-in needs a passphrase that this process does not know."""
    from breakglass_tui.secrets.passphrase_seal import PASSPHRASE

    if isinstance(proof, Visit):
        request = proof.subject.request
        return request is not None and request.seal_passphrase and not proof.subject.signing_in
    setup = session.setup
    known = setup is None or setup.vault.get(PASSPHRASE) is not None
    return not known and setup is not None and setup.request.seal_passphrase and session.record.permanent is None
