"""Ceremony: a first sign-in as it stands; no widgets, no cloud."""

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
    from breakglass_tui.engine.first_sign_in import FirstSignIn, News
    from breakglass_tui.secrets.secret import Secret
    from breakglass_tui.ui.flow import Session
    from breakglass_tui.ui.proof import Proof

STEP = "login-profile"


class Stage(IntEnum):
    """How far it is."""

    SEALING = 1
    STORING = 2
    SIGNING_IN = 3
    CONFIRMED = 4


@dataclass(eq=False, repr=False)
class Ceremony:
    """One attempt, of the user whose ``proof`` is looked at; only the App changes it, on its own thread.

    ``record`` is that of the run which made the user; it is known once the attempt has begun. ``over`` says that
    nothing works on it any more, ``problem`` why it came to no good end, ``left`` that nobody looks any more.
    ``passphrase`` is what it seals with, where the run did and this process does not know it.
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
        """A thread begins the work; if the operator has left meanwhile, it ends at once."""
        self.work = work
        if self.left:
            work.leave()

    def leave(self) -> None:
        """Nobody looks any more: what is under way ends, and nothing else begins."""
        self.left = True
        if self.work is not None:
            self.work.leave()

    def apply(self, news: News) -> None:
        """The work has told this."""
        from breakglass_tui.domain.recovery_events import FirstSignInDone
        from breakglass_tui.engine.first_sign_in import PasswordChecked, Storing

        if isinstance(news, Storing):
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
        """The password that AWS has at first, if this process knows it."""
        return self.work.temporary if self.work else None

    @property
    def permanent(self) -> Secret | None:
        """The password that AWS shall have, once it may be shown, and if this process knows it."""
        return self.work.permanent if self.work and self.stage > Stage.SEALING else None

    @property
    def new_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """Those of the lasting password."""
        return (self.record.permanent or ()) if self.record else ()

    @property
    def old_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """Those of the temporary password."""
        step = self.record.steps.get(STEP) if self.record else None
        return tuple(each for each in step.envelopes if each not in self.new_envelopes) if step else ()

    @property
    def seed_envelopes(self) -> tuple[EnvelopeInfo, ...]:
        """Those of the seed of the MFA device, where the run sealed it."""
        return tuple(each for each in (self.record.envelopes if self.record else ()) if "mfa-seed" in each.contents)


def may_sign_in(session: Session, proof: Proof) -> bool:
    """Whether a first sign-in is due: the checks say so, or one was begun here and not seen to its end."""
    access = proof.record.checks.get("access")
    pending = access is not None and bool(access.pending)
    if isinstance(proof, Visit):
        subject, request = proof.subject, proof.subject.request
        asked = request is not None and request.console and request.password_reset_required
        return asked and not subject.signed_in and (subject.signing_in or pending)
    return session.done and _awaits(session.record, access)


def _awaits(record: RunRecord, access: CheckResult | None) -> bool:
    from breakglass_tui.engine.first_sign_in import awaits_first_sign_in

    may_exist = record.permanent is not None
    return awaits_first_sign_in(record) and (may_exist or (access is not None and bool(access.pending)))


def wants_passphrase(session: Session, proof: Proof) -> bool:
    """Whether it would seal with a passphrase that this process does not know."""
    from breakglass_tui.secrets.passphrase_seal import PASSPHRASE

    if isinstance(proof, Visit):
        request = proof.subject.request
        return request is not None and request.seal_passphrase and not proof.subject.signing_in
    setup = session.setup
    known = setup is None or setup.vault.get(PASSPHRASE) is not None
    return not known and setup is not None and setup.request.seal_passphrase and session.record.permanent is None
