"""What screens ask of the App, and what threads tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from breakglass_tui.domain.account import Account, Caller, KmsKey, Listing
    from breakglass_tui.domain.events import Event, StepBrief
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.sight import Sight
    from breakglass_tui.engine.cloud import Cloud
    from breakglass_tui.ui.flow import Again, Phase
    from breakglass_tui.ui.past import OpenRun
    from breakglass_tui.ui.proof import Proof, Visit


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
    keys: Listing[KmsKey]


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
class UnfinishedRead(Message):
    """A thread has read what earlier processes left open: runs of this account, and the ids of other accounts.

    ``asked`` says that the operator wanted to see them, ``problem`` why they could not be read.
    """

    runs: tuple[OpenRun, ...]
    elsewhere: tuple[str, ...]
    asked: bool
    problem: Problem | None = None


@dataclass(eq=False, repr=False)
class Sighted(Message):
    """A thread has seen what AWS holds now of a step of run ``run_id``."""

    run_id: str
    step: str
    sight: Sight


@dataclass(eq=False, repr=False)
class Ready(Message):
    """A thread has made ready a run of an earlier process, or could not."""

    again: Again | None = None
    problem: Problem | None = None
