"""Everything that can happen in a run or a validation, in the order it happens.

Events carry names, ids and times; a secret travels only inside a question, masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import Question

Purpose = Literal["resume", "anew", "undo"]
"""What a later process shall do with a run."""


class CallSource(StrEnum):
    """Who makes a call: a step of the plan, or a check."""

    STEP = "step"
    CHECK = "check"


class StepStatus(StrEnum):
    """How a step stands or ended; the last six are published values."""

    NEXT = "next"
    RUNNING = "running"
    WAITING = "waiting"
    UNDOING = "undoing"
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNDONE = "undone"
    CANCELLED = "cancelled"


class RunStatus(StrEnum):
    """How a run ended: ``undone`` left nothing in AWS, ``incomplete`` left something."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"
    INCOMPLETE = "incomplete"


SEAL_NAMES = {"kms": "KMS", "age": "age", "passphrase": "passphrase"}
"""The kinds of seals as people call them."""


@dataclass(frozen=True, slots=True)
class EnvelopeInfo:
    """A sealed file: what is in it and who can open it, never the content.

    ``custodians`` are recipients, the ARN of a key, or ``passphrase``; so many as ``needs`` must act together.
    """

    path: str
    contents: tuple[str, ...]
    seals: tuple[str, ...]
    sha256: str
    custodians: tuple[str, ...] = ()
    needs: int = 1

    @property
    def ways_to_open(self) -> str:
        """What opens it, for people."""
        together = f", {self.needs} custodians together" if self.needs > 1 else ""
        return ", ".join(SEAL_NAMES.get(seal, seal) for seal in self.seals) + together


@dataclass(frozen=True, slots=True)
class StepBrief:
    """A step of the plan as a reader of events knows it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What identifies a run; ``directory`` is where its envelopes go."""

    id: str
    account_id: str
    caller_arn: str
    region: str
    demo: bool
    request: Mapping[str, Any]
    directory: str = ""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first event of a run."""

    at: datetime
    header: RunHeader
    steps: tuple[StepBrief, ...]


@dataclass(frozen=True, slots=True)
class RunResumed:
    """Another process goes on with the run, carries it out anew in an account that is new, or takes it back."""

    at: datetime
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step's turn has come."""

    at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class StepNoted:
    """Something worth a line, such as what is being waited for."""

    at: datetime
    step: str
    text: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A request is about to leave; ``attempt`` counts from 1."""

    at: datetime
    source: CallSource
    id: str
    operation: str
    attempt: int


@dataclass(frozen=True, slots=True)
class CallDelayed:
    """AWS answered that it may be tried again; the next attempt follows in ``delay_s`` seconds."""

    at: datetime
    source: CallSource
    id: str
    operation: str
    reason: str
    delay_s: float


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call has come to its end, well or not."""

    at: datetime
    source: CallSource
    id: str
    call: Call


@dataclass(frozen=True, slots=True)
class Asked:
    """A step waits for the operator; other steps go on."""

    at: datetime
    step: str
    number: int
    question: Question


@dataclass(frozen=True, slots=True)
class Answered:
    """The operator answered question ``number``, or it was withdrawn."""

    at: datetime
    step: str
    number: int


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step ended; ``facts`` are the ids it learned, ``detail`` is for people."""

    at: datetime
    step: str
    status: StepStatus
    elapsed_ms: int = 0
    detail: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    envelopes: tuple[EnvelopeInfo, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class PermanentPasswordSealed:
    """The password for after the first sign-in is sealed, or stored by the operator; AWS has not heard of it."""

    at: datetime
    step: str
    envelopes: tuple[EnvelopeInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoStarted:
    """What this run made is now taken away, in reverse."""

    at: datetime
    reason: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepUndoing:
    """The undo of one step begins."""

    at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class StepUndone:
    """The undo of one step ended; ``left`` says what could not be removed and the command that would."""

    at: datetime
    step: str
    elapsed_ms: int = 0
    left: Problem | None = None


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run."""

    at: datetime
    status: RunStatus
    problem: Problem | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class PreflightFinished:
    """One of the looks before the first write; a failed one ends the run with nothing written."""

    at: datetime
    result: CheckResult


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check's turn has come."""

    at: datetime
    check: str


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check has its result."""

    at: datetime
    result: CheckResult


Event = (
    RunStarted
    | RunResumed
    | StepStarted
    | StepNoted
    | CallStarted
    | CallDelayed
    | CallFinished
    | r.CallSettled
    | r.FactLearned
    | r.UnmanagedFound
    | r.EnvelopeStarted
    | r.SecretStored
    | r.FirstSignInDone
    | Asked
    | Answered
    | StepFinished
    | PermanentPasswordSealed
    | UndoStarted
    | StepUndoing
    | StepUndone
    | RunFinished
    | PreflightFinished
    | CheckStarted
    | CheckFinished
)
