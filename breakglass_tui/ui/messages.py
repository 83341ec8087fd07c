"""What screens ask of the App, and what threads tell it."""

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
    from breakglass_tui.engine.first_sign_in import News
    from breakglass_tui.engine.known_user import KnownUser
    from breakglass_tui.ui.ceremony import Ceremony
    from breakglass_tui.ui.flow import Phase
    from breakglass_tui.ui.past import Again, Past
    from breakglass_tui.ui.proof import Proof, Visit
    from breakglass_tui.ui.widgets.paragraphs import Paragraph


@dataclass(eq=False, repr=False)
class Move(Message):
    """Go from one phase to another, or to the validation of ``visit``; the App decides."""

    origin: Phase
    to: Phase
    visit: Visit | None = None


@dataclass(eq=False, repr=False)
class Connected(Message):
    """A thread has found credentials and knows who they belong to."""

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
    """The run has told an event."""

    event: Event


@dataclass(eq=False, repr=False)
class Inspecting(Message):
    """A validation is about to run these checks."""

    proof: Proof
    checks: tuple[StepBrief, ...]


@dataclass(eq=False, repr=False)
class Inspected(Message):
    """A validation has told an event; None says that it is over, ``problem`` why it could not begin."""

    proof: Proof
    event: Event | None
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class Prechecked(Message):
    """A look before the first write of run ``run_id`` has told an event; None says that all have."""

    run_id: str
    event: Event | None


@dataclass(eq=False, repr=False)
class Exported(Message):
    """The report was written, or not."""

    proof: Proof
    paths: tuple[Path, ...] = ()
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class PastRead(Message):
    """A thread has read what earlier runs and validations left on this machine.

    ``wanted`` is the id of the unfinished run that the operator asked for, empty for any, None where nobody asked.
    """

    past: Past
    wanted: str | None = None


@dataclass(eq=False, repr=False)
class UsersRead(Message):
    """A thread has read the users of the account once more."""

    users: AccountList[User]


@dataclass(eq=False, repr=False)
class ProofKept(Message):
    """A thread has kept the verdict of a validation for later processes, or could not."""

    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class EnvelopeSeen(Message):
    """A thread has looked at a file from outside; ``told`` is what there is to say of it."""

    told: tuple[Paragraph, ...]


@dataclass(eq=False, repr=False)
class UserRead(Message):
    """A thread has read what this machine knows of a user that was picked in the phase ``origin``."""

    origin: Phase
    known: KnownUser


@dataclass(eq=False, repr=False)
class Sighted(Message):
    """A thread has seen what AWS holds now of a step of run ``run_id``."""

    run_id: str
    step: str
    observed: ObservedState


@dataclass(eq=False, repr=False)
class Ready(Message):
    """A thread has made ready a run of an earlier process, or could not."""

    again: Again | None = None
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class SignInMove(Message):
    """Go from a validation to the first sign-in of its user, or with None back."""

    ceremony: Ceremony | None = None


@dataclass(eq=False, repr=False)
class SignInBegun(Message):
    """A first sign-in begins, from where ``record`` says it stands."""

    ceremony: Ceremony
    setup: Setup
    record: RunRecord


@dataclass(eq=False, repr=False)
class SignInTold(Message):
    """A first sign-in goes on."""

    ceremony: Ceremony
    news: News


@dataclass(eq=False, repr=False)
class SignInEnded(Message):
    """Nothing works on a first sign-in any more; ``problem`` says why it came to no good end."""

    ceremony: Ceremony
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class Practised(Message):
    """The simulated sign-in page has answered."""

    ceremony: Ceremony
    problem: Problem | None = None
