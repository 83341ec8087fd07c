"""Plan: the steps of a run and the order their needs dictate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret


@dataclass(frozen=True, slots=True)
class Change:
    """What a step will do to AWS, for the review: a mark, one sentence, and a unified diff where text changes."""

    mark: Literal["new", "member", "diff"]
    sentence: str
    diff: str = ""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How a step ended well: ``facts`` are ids later steps need, ``unchanged`` says nothing had to be done."""

    detail: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    envelopes: tuple[EnvelopeInfo, ...] = ()
    unchanged: bool = False


class Step(Protocol):
    """One thing that is made in AWS, and how it is taken away again.

    ``apply`` raises ``Problem``; when an earlier process began the step it looks at AWS first, takes over what that
    made, and makes anew what is no use without its lost secret. ``undo`` looks at what AWS holds and removes only what
    this run made; it is called also when ``apply`` failed or its answer was lost, and raises ``Problem`` for what it
    had to leave. Steps remember nothing: what they must know of earlier requests is in the turn's ledger.
    """

    @property
    def id(self) -> str:
        """The published id."""
        ...

    @property
    def title(self) -> str:
        """What it does, for people."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """Ids of steps that must be done before."""
        ...

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions that ``apply`` needs, as ``iam:CreateUser``."""
        ...

    @property
    def undo_actions(self) -> tuple[str, ...]:
        """The IAM actions that ``undo`` needs."""
        ...

    @property
    def change(self) -> Change:
        """What will change, for the review."""
        ...

    def apply(self, context: StepContext) -> StepOutcome:
        """Make it."""
        ...

    def undo(self, context: StepContext) -> None:
        """Take it away."""
        ...

    def find(self, context: StepContext) -> ObservedState:
        """What AWS holds of it now; only reads, and raises ``Problem`` for what cannot be read."""
        ...


class Check(Protocol):
    """One claim that is held against AWS; it only reads. ``inspect`` may raise ``Problem``: then it is a skip."""

    @property
    def id(self) -> str:
        """The published id."""
        ...

    @property
    def title(self) -> str:
        """What it does, for people."""
        ...

    def inspect(self, context: StepContext) -> CheckResult:
        """Read, compare, and say so."""
        ...


class PermanentPassword(Protocol):
    """The console password that takes the place of a temporary one; it belongs to the step ``id``."""

    @property
    def id(self) -> str:
        """The published id of the step that made the temporary one."""
        ...

    @property
    def temporary(self) -> Secret | None:
        """The one that AWS has at first, if this process made it."""
        ...

    @property
    def permanent(self) -> Secret | None:
        """The one that shall stay, if this process made it."""
        ...

    def make(self, context: StepContext) -> tuple[EnvelopeInfo, ...]:
        """Make the lasting one and seal it as the request says; none if it has no seal. Raises ``Problem``."""
        ...

    def pending(self, context: StepContext) -> bool:
        """Whether AWS still asks for another password; only reads, and raises ``Problem``."""
        ...

    def retire(self, context: StepContext) -> None:
        """Remove the envelopes of the temporary one; raises ``Problem`` for what stays."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the operator's order; ``needs`` of each name steps of the same plan."""

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        known = {step.id for step in self.steps}
        for step in self.steps:
            if not step.needs <= known:
                raise ValueError(f"{step.id} needs steps that are not in the plan: {sorted(step.needs - known)}")
        self.waves()

    def waves(self) -> tuple[tuple[Step, ...], ...]:
        """The steps in groups: all of a group can run side by side once the groups before it are done."""
        left, done, waves = list(self.steps), set[str](), []
        while left:
            ready = tuple(step for step in left if step.needs <= done)
            if not ready:
                raise ValueError(f"steps wait for each other: {', '.join(step.id for step in left)}")
            waves.append(ready)
            done |= {step.id for step in ready}
            left = [step for step in left if step.id not in done]
        return tuple(waves)

    @property
    def in_order(self) -> tuple[Step, ...]:
        """The steps as a run comes to them, group by group: the order in which they are shown everywhere."""
        return tuple(step for wave in self.waves() for step in wave)

    def critical_path(self, cost: Callable[[Step], float]) -> float:
        """The least time a run can take when each step takes ``cost(step)``, in the unit of ``cost``."""
        finish: dict[str, float] = {}
        for step in self.in_order:
            finish[step.id] = cost(step) + max((finish[need] for need in step.needs), default=0.0)
        return max(finish.values(), default=0.0)

    def actions(self) -> tuple[str, ...]:
        """Every IAM action the plan and its undo call, each once, in order."""
        return tuple(dict.fromkeys(action for step in self.steps for action in (*step.actions, *step.undo_actions)))
