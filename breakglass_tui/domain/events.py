"""The events of runs and validations.

Events carry names, ids and times. Only a question can carry a secret, and the secret is masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.fast_dataclass import dataclass
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import Question
from breakglass_tui.domain.run_header import RunHeader

Purpose = Literal["resume", "anew", "undo"]
"""``resume`` finishes a run. ``anew`` starts it again in a new simulated account. ``undo`` removes its resources."""


class CallSource(StrEnum):
    """Who makes a call: a step of the plan, or a check."""

    STEP = "step"
    CHECK = "check"


class StepStatus(StrEnum):
    """The status of a step. The values from ``done`` on are final and published, and reports contain only these."""

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
    """The status of a run. After ``undone``, nothing of it is left in AWS. After ``incomplete``, something can be."""

    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"
    INCOMPLETE = "incomplete"


SEAL_NAMES = {"kms": "KMS", "age": "age", "passphrase": "passphrase"}
"""The kinds of seals, and the names under which they are shown."""


@dataclass(frozen=True)
class EnvelopeInfo:
    """A sealed file: what it contains and who can open it, never the content.

    ``contents`` are ``password``, ``access-key`` or ``mfa-seed``. ``seals`` are kinds of seals. ``custodians`` are
    those who can open the file: age recipients, the ARN of a KMS key, or ``passphrase``. ``needs`` is how many of them
    must act together.
    """

    path: str
    contents: tuple[str, ...]
    seals: tuple[str, ...]
    sha256: str
    custodians: tuple[str, ...] = ()
    needs: int = 1

    @property
    def ways_to_open(self) -> str:
        """The seals as text for people, such as ``KMS`` or ``age (2 custodians together)``."""
        together = f" ({self.needs} custodians together)" if self.needs > 1 else ""
        return ", ".join(SEAL_NAMES.get(seal, seal) for seal in self.seals) + together


@dataclass(frozen=True)
class StepBrief:
    """The id and the title of a step of the plan."""

    id: str
    title: str


@dataclass(frozen=True)
class RunStarted:
    """The first event of a run. ``steps`` are those of the plan. A validation without a run has no steps."""

    at: datetime
    header: RunHeader
    steps: tuple[StepBrief, ...]


@dataclass(frozen=True)
class RunResumed:
    """A process takes over a run that has ended. ``purpose`` is what that process does.

    With ``same_process`` it wrote the run before, so a simulated account still exists. Old journals do not have it.
    """

    at: datetime
    purpose: Purpose
    same_process: bool = False


@dataclass(frozen=True)
class StepStarted:
    """A step starts."""

    at: datetime
    step: str


@dataclass(frozen=True)
class StepNoted:
    """A step reports its progress, for example what it waits for."""

    at: datetime
    step: str
    text: str


@dataclass(frozen=True)
class CallStarted:
    """A request is about to be sent. ``id`` is that of the step or check. ``attempt`` counts from 1."""

    at: datetime
    source: CallSource
    id: str
    operation: str
    attempt: int


@dataclass(frozen=True)
class CallDelayed:
    """AWS refused a call in a way that allows a retry. The next attempt follows in ``delay_s`` seconds."""

    at: datetime
    source: CallSource
    id: str
    operation: str
    reason: str
    delay_s: float


@dataclass(frozen=True)
class CallFinished:
    """A call ended, successfully or not."""

    at: datetime
    source: CallSource
    id: str
    call: Call


@dataclass(frozen=True)
class Asked:
    """A step asked the operator a question and waits for the answer. ``number`` identifies the question in the run."""

    at: datetime
    step: str
    number: int
    question: Question


@dataclass(frozen=True)
class Answered:
    """The operator answered the question with this number."""

    at: datetime
    step: str
    number: int


@dataclass(frozen=True)
class StepFinished:
    """A step ended. ``detail`` is its result as text for people.

    ``facts`` are the ids that the step received from AWS, by name. ``envelopes`` are those that it wrote. ``problem``
    is why it failed, or None.
    """

    at: datetime
    step: str
    status: StepStatus
    elapsed_ms: int = 0
    detail: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    envelopes: tuple[EnvelopeInfo, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True)
class PermanentPasswordSealed:
    """The permanent password is sealed, or stored by the operator. It has not been sent to AWS yet.

    ``step`` is the step that set the temporary password. ``envelopes`` is empty if no seal protects the password.
    """

    at: datetime
    step: str
    envelopes: tuple[EnvelopeInfo, ...] = ()


@dataclass(frozen=True)
class UndoStarted:
    """The undo of the run starts. ``steps`` are in the order of removal: the step that started last is first."""

    at: datetime
    reason: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class StepUndoing:
    """The undo of one step starts."""

    at: datetime
    step: str


@dataclass(frozen=True)
class StepUndone:
    """The undo of one step ended. ``left`` is what could not be removed, with the command that removes it, or None."""

    at: datetime
    step: str
    elapsed_ms: int = 0
    left: Problem | None = None


@dataclass(frozen=True)
class RunFinished:
    """The last event of a run. ``problem`` is why it failed. ``stopped`` means that the operator stopped it."""

    at: datetime
    status: RunStatus
    problem: Problem | None = None
    stopped: bool = False


@dataclass(frozen=True)
class PreflightFinished:
    """A preflight check ended with this result. If one fails, the run ends before the first write."""

    at: datetime
    result: CheckResult


@dataclass(frozen=True)
class CheckStarted:
    """A validation check starts."""

    at: datetime
    check: str


@dataclass(frozen=True)
class CheckFinished:
    """A validation check ended with this result."""

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
