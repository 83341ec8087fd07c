"""The messages from screens and threads to the App."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from breakglass_tui.domain.account import Account, AccountList, Caller, KmsKey, User
    from breakglass_tui.domain.events import Event, StepBrief
    from breakglass_tui.domain.observation import ObservedState
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.record import RunRecord
    from breakglass_tui.engine.cloud import Cloud, Setup
    from breakglass_tui.engine.first_sign_in import SignInEvent
    from breakglass_tui.engine.known_user import KnownUser
    from breakglass_tui.ui.ceremony import Ceremony
    from breakglass_tui.ui.flow import Phase
    from breakglass_tui.ui.past import Again, Past
    from breakglass_tui.ui.proof import Proof, Visit
    from breakglass_tui.ui.widgets.paragraphs import Paragraph


@dataclass(eq=False, repr=False)
class Move(Message):
    """A screen asks to go to another phase, or to the validation of ``visit``. The App decides."""

    origin: Phase
    to: Phase
    visit: Visit | None = None


@dataclass(eq=False, repr=False)
class Connected(Message):
    """A thread has found credentials and identified the caller."""

    cloud: Cloud
    caller: Caller


@dataclass(eq=False, repr=False)
class AccountRead(Message):
    """A thread has read another part of the account."""

    account: Account


@dataclass(eq=False, repr=False)
class KeysRead(Message):
    """A thread has read the KMS keys of another Region."""

    region: str
    keys: AccountList[KmsKey]


@dataclass(eq=False, repr=False)
class Troubled(Message):
    """A thread could not reach the account."""

    problem: Problem


@dataclass(eq=False, repr=False)
class Progressed(Message):
    """The run emitted an event."""

    event: Event


@dataclass(eq=False, repr=False)
class Inspecting(Message):
    """A validation is about to run ``checks``."""

    proof: Proof
    checks: tuple[StepBrief, ...]


@dataclass(eq=False, repr=False)
class Inspected(Message):
    """A validation emitted an event. None marks the end, and ``problem`` is why it could not start."""

    proof: Proof
    event: Event | None
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class Prechecked(Message):
    """The preflight checks of run ``run_id`` emitted an event. None marks the end."""

    run_id: str
    event: Event | None


@dataclass(eq=False, repr=False)
class Exported(Message):
    """A thread has written the report to ``paths``, or failed with ``problem``."""

    proof: Proof
    paths: tuple[Path, ...] = ()
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class PastRead(Message):
    """A thread has read the run history of this machine.

    ``wanted`` is the id of the unfinished run to open, empty for any, None to open none.
    """

    past: Past
    wanted: str | None = None


@dataclass(eq=False, repr=False)
class UsersRead(Message):
    """A thread has read the users of the account again."""

    users: AccountList[User]


@dataclass(eq=False, repr=False)
class ProofKept(Message):
    """A thread has saved the verdict of a validation. With ``problem``, that or what it proved was not saved."""

    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class HistoryUnread(Message):
    """A thread could not use the journal of a user. Its checks run without it."""

    problem: Problem


@dataclass(eq=False, repr=False)
class DevicesAccepted(Message):
    """A thread has recorded that the operator accepted MFA devices, or failed with ``problem``."""

    proof: Proof
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class EnvelopeSeen(Message):
    """A worker has inspected an envelope without opening it. ``told`` is the text to show."""

    told: tuple[Paragraph, ...]


@dataclass(eq=False, repr=False)
class UserRead(Message):
    """A thread has read what this machine knows of a user that was selected in the phase ``origin``."""

    origin: Phase
    known: KnownUser


@dataclass(eq=False, repr=False)
class Sighted(Message):
    """A thread has read what AWS has now of one step of run ``run_id``."""

    run_id: str
    step: str
    observed: ObservedState


@dataclass(eq=False, repr=False)
class Ready(Message):
    """A thread has prepared a run of an earlier process, or failed with ``problem``."""

    again: Again | None = None
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class SignInMove(Message):
    """Go from a validation to the first sign-in of its user. None goes back."""

    ceremony: Ceremony | None = None


@dataclass(eq=False, repr=False)
class SignInBegun(Message):
    """A first sign-in has started. ``record`` is the record of the run that created the user."""

    ceremony: Ceremony
    setup: Setup
    record: RunRecord


@dataclass(eq=False, repr=False)
class SignInTold(Message):
    """The worker of a first sign-in emitted an event."""

    ceremony: Ceremony
    news: SignInEvent


@dataclass(eq=False, repr=False)
class SignInEnded(Message):
    """The worker of a first sign-in has ended. ``problem`` is why it failed."""

    ceremony: Ceremony
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class Practised(Message):
    """The simulated sign-in page has responded."""

    ceremony: Ceremony
    problem: Problem | None = None
