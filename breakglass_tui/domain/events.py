"""The events of a run or a validation, in the order in which they happen.

Events carry names, ids and times. Only a question carries a secret, and the secret is masked.
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
"""What a later process does with a run: finish it, start it again in a new simulated account, or remove it."""


class CallSource(StrEnum):
    """The origin of a call: a step of the plan, or a check."""

    STEP = "step"
    CHECK = "check"


class StepStatus(StrEnum):
    """The status of a step. The last six are published values."""

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
    """The status of a run. ``undone`` left nothing in AWS, ``incomplete`` left something."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"
    INCOMPLETE = "incomplete"


SEAL_NAMES = {"kms": "KMS", "age": "age", "passphrase": "passphrase"}
"""The display names of the kinds of seals."""


@dataclass(frozen=True, slots=True)
class EnvelopeInfo:
    """A sealed file: what it contains and who can open it, never the content.

    ``custodians`` are recipients, the ARN of a key, or ``passphrase``. ``needs`` is how many of them must act together.
    """

    path: str
    contents: tuple[str, ...]
    seals: tuple[str, ...]
    sha256: str
    custodians: tuple[str, ...] = ()
    needs: int = 1

    @property
    def ways_to_open(self) -> str:
        """The ways to open it, for people."""
        together = f", {self.needs} custodians together" if self.needs > 1 else ""
        return ", ".join(SEAL_NAMES.get(seal, seal) for seal in self.seals) + together


@dataclass(frozen=True, slots=True)
class StepBrief:
    """The id and the title of a step of the plan."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What identifies a run. ``directory`` is the directory of its envelopes."""

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
    """Another process resumes the run, starts it again in a new simulated account, or undoes it."""

    at: datetime
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step starts."""

    at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class StepNoted:
    """A note about the progress of a step, such as what it waits for."""

    at: datetime
    step: str
    text: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A request is about to be sent. ``attempt`` counts from 1."""

    at: datetime
    source: CallSource
    id: str
    operation: str
    attempt: int


@dataclass(frozen=True, slots=True)
class CallDelayed:
    """AWS refused a call in a way that allows a retry. The next attempt follows in ``delay_s`` seconds."""

    at: datetime
    source: CallSource
    id: str
    operation: str
    reason: str
    delay_s: float


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call ended, successfully or not."""

    at: datetime
    source: CallSource
    id: str
    call: Call


@dataclass(frozen=True, slots=True)
class Asked:
    """A step waits for the operator. Other steps continue."""

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
    """A step ended. ``facts`` are the ids that it received from AWS, ``detail`` is for people."""

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
    """The permanent password is sealed, or stored by the operator. It has not been sent to AWS."""

    at: datetime
    step: str
    envelopes: tuple[EnvelopeInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoStarted:
    """The removal of this run's resources starts. ``steps`` are in the order of removal: the last one created first."""

    at: datetime
    reason: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepUndoing:
    """The undo of one step starts."""

    at: datetime
    step: str


@dataclass(frozen=True, slots=True)
class StepUndone:
    """The undo of one step ended. ``left`` describes what could not be removed, with the command that removes it."""

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
    """The result of a preflight check. If one fails, the run ends with nothing written."""

    at: datetime
    result: CheckResult


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check starts."""

    at: datetime
    check: str


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check ended with this result."""

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
