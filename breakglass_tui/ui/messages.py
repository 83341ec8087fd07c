"""The messages that screens and threads post to the App."""

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
    from breakglass_tui.ui.envelope_outside import EnvelopeDescription
    from breakglass_tui.ui.flow import Phase
    from breakglass_tui.ui.past import Again, Past
    from breakglass_tui.ui.proof import Proof, Visit


@dataclass(eq=False, repr=False)
class Move(Message):
    """A screen asks to go from the phase ``origin`` to the phase ``to``. The App may ignore it.

    ``visit`` is set to go to the validation of a user that no run of this session created.
    """

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
    """A thread has read another part of the account. ``account`` has everything that was read so far."""

    account: Account


@dataclass(eq=False, repr=False)
class KeysRead(Message):
    """A thread has read the KMS keys of ``region``, after the operator selected another Region."""

    region: str
    keys: AccountList[KmsKey]


@dataclass(eq=False, repr=False)
class Troubled(Message):
    """A thread could not reach the account."""

    problem: Problem


@dataclass(eq=False, repr=False)
class Progressed(Message):
    """The run emitted ``event``."""

    event: Event


@dataclass(eq=False, repr=False)
class Inspecting(Message):
    """A thread is about to run ``checks`` for the validation ``proof``."""

    proof: Proof
    checks: tuple[StepBrief, ...]


@dataclass(eq=False, repr=False)
class Inspected(Message):
    """The checks of the validation ``proof`` emitted ``event``, or have ended if ``event`` is None.

    ``problem`` is why they could not start. ``recorded`` is True at the end if the journal of the user has what they
    proved.
    """

    proof: Proof
    event: Event | None
    problem: Problem | None = None
    recorded: bool = False


@dataclass(eq=False, repr=False)
class Prechecked(Message):
    """The preflight checks of the run ``run_id`` emitted ``event``, or have ended if ``event`` is None."""

    run_id: str
    event: Event | None


@dataclass(eq=False, repr=False)
class SignerWaits(Message):
    """A thread signs the report of the validation ``proof``, and the key waits for the operator, as ``text`` says."""

    proof: Proof
    text: str


@dataclass(eq=False, repr=False)
class Exported(Message):
    """A thread has written the report of the validation ``proof`` to ``paths``, or has failed with ``problem``.

    Both are set if the report is written and could not be signed.
    """

    proof: Proof
    paths: tuple[Path, ...] = ()
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class PastRead(Message):
    """A thread has read the run history of this machine.

    ``wanted`` says whether to open the list of unfinished runs: None for no, else the id of the run to show first. An
    empty id means the first run of the list.
    """

    past: Past
    wanted: str | None = None


@dataclass(eq=False, repr=False)
class UsersRead(Message):
    """A thread has read the users of the account again."""

    users: AccountList[User]


@dataclass(eq=False, repr=False)
class ProofKept(Message):
    """A thread has saved the verdict of a validation, or has failed with ``problem``."""

    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class HistoryUnread(Message):
    """A thread could not use the journal of a user. The checks of this user run without it."""

    problem: Problem


@dataclass(eq=False, repr=False)
class DevicesAccepted(Message):
    """A thread has recorded the MFA devices that the operator accepted, or has failed with ``problem``."""

    proof: Proof
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class EnvelopeSeen(Message):
    """A worker has read the header of an envelope. ``described`` is its description."""

    described: EnvelopeDescription


@dataclass(eq=False, repr=False)
class UserRead(Message):
    """A thread has read what the journals of this machine record about a user.

    ``origin`` is the phase in which the operator selected the user.
    """

    origin: Phase
    known: KnownUser


@dataclass(eq=False, repr=False)
class Sighted(Message):
    """A thread has read from AWS whether the resource of ``step`` exists. The step belongs to the run ``run_id``."""

    run_id: str
    step: str
    observed: ObservedState


@dataclass(eq=False, repr=False)
class Ready(Message):
    """A thread has prepared the run of an earlier process to be resumed or undone, or has failed with ``problem``."""

    again: Again | None = None
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class SignInMove(Message):
    """Go from a validation to the first sign-in of its user, or back to the validation if ``ceremony`` is None."""

    ceremony: Ceremony | None = None


@dataclass(eq=False, repr=False)
class SignInBegun(Message):
    """The worker of a first sign-in has started. ``record`` is the record of the run that created the user."""

    ceremony: Ceremony
    setup: Setup
    record: RunRecord


@dataclass(eq=False, repr=False)
class SignInTold(Message):
    """The worker of a first sign-in emitted the event ``news``."""

    ceremony: Ceremony
    news: SignInEvent


@dataclass(eq=False, repr=False)
class SignInEnded(Message):
    """The worker of a first sign-in has ended. ``problem`` is why it failed."""

    ceremony: Ceremony
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class Practised(Message):
    """The simulated sign-in page has accepted the sign-in, or has refused it with ``problem``."""

    ceremony: Ceremony
    problem: Problem | None = None
