"""Plan: the steps of a run. Their order follows from which steps each one needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.domain.permissions import OperatorPermissions, Permission
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.secret import Secret


@dataclass(frozen=True, slots=True)
class Change:
    """What a step will change in AWS, for the review before the run.

    ``mark`` is ``new`` for a new resource, ``member`` for a group membership, and ``diff`` for a changed document.
    ``diff`` is the unified diff of that document.
    """

    mark: Literal["new", "member", "diff"]
    sentence: str
    diff: str = ""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """The result of a successful step.

    ``detail`` is text for people. ``facts`` are ids that later steps need, by name. ``envelopes`` are those that the
    step wrote. ``unchanged`` means that AWS already had the requested state.
    """

    detail: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    envelopes: tuple[EnvelopeInfo, ...] = ()
    unchanged: bool = False


class Step(Protocol):
    """A step of a plan. It creates one resource in AWS, and can remove it again.

    ``apply`` raises ``Problem``. If an earlier process started the step, ``apply`` first reads AWS and adopts the
    resource of that process. If the secret of that resource is lost, ``apply`` deletes the resource and creates it
    again.

    ``undo`` reads AWS and removes only what this run created. It is also called if ``apply`` failed or an answer was
    lost. It raises ``Problem`` for what it could not remove.

    Steps have no state. What they must know about earlier requests is in the run log of their context.
    """

    @property
    def id(self) -> str:
        """The published id of the step."""
        ...

    @property
    def title(self) -> str:
        """What the step does, for people."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """The ids of the steps that must be done before this step."""
        ...

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions that ``apply`` needs, with their resources."""
        ...

    @property
    def undo_permissions(self) -> tuple[Permission, ...]:
        """The actions that ``undo`` needs, with their resources."""
        ...

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of the actions that ``apply`` needs, such as ``iam:CreateUser``."""
        ...

    @property
    def undo_actions(self) -> tuple[str, ...]:
        """The names of the actions that ``undo`` needs."""
        ...

    @property
    def change(self) -> Change:
        """What the step will change in AWS, for the review before the run."""
        ...

    def apply(self, context: StepContext) -> StepOutcome:
        """Create the resource and return the result. Raises ``Problem``."""
        ...

    def undo(self, context: StepContext) -> None:
        """Remove what this run created. Raises ``Problem`` for what could not be removed."""
        ...

    def find(self, context: StepContext) -> ObservedState:
        """Return the current state of the resource in AWS. Only reads, and raises ``Problem`` if a read fails."""
        ...


class Check(Protocol):
    """A check. It compares one expectation with AWS and only reads.

    If ``inspect`` raises ``Problem``, the check is skipped.
    """

    @property
    def id(self) -> str:
        """The published id of the check."""
        ...

    @property
    def title(self) -> str:
        """What the check verifies, for people."""
        ...

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The actions that the operator needs for the check, with their resources.

        Actions of the user's own session are not among them.
        """
        ...

    def inspect(self, context: StepContext) -> CheckResult:
        """Read AWS, compare it with the expectation, and return the result."""
        ...


class PermanentPassword(Protocol):
    """The console password that replaces the temporary one at the first sign-in."""

    @property
    def id(self) -> str:
        """The id of the step that set the temporary password."""
        ...

    @property
    def temporary(self) -> Secret | None:
        """The temporary password, or None if this process did not generate it."""
        ...

    @property
    def permanent(self) -> Secret | None:
        """The permanent password, or None if this process did not generate it."""
        ...

    def create(self, context: StepContext) -> tuple[EnvelopeInfo, ...]:
        """Generate the permanent password, seal it as requested, and return the envelopes. Raises ``Problem``.

        The result is empty if the request has no seal.
        """
        ...

    def change_pending(self, context: StepContext) -> bool:
        """Return whether AWS still requires a password change. Only reads. Raises ``Problem`` if a read fails."""
        ...

    def remove_temporary_envelopes(self, context: StepContext) -> None:
        """Remove the envelopes of the temporary password. Raises ``Problem`` if one cannot be removed."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a run. The ``needs`` of each step are ids of other steps of the same plan.

    ``endpoint`` is the URL that the calls go to, or None for AWS itself. ``place`` is what answers there.
    ``permissions`` are what the operator needs for the whole request: its assessment, this plan, its undo and its
    validation.
    """

    steps: tuple[Step, ...]
    endpoint: str | None = None
    place: Place = Place.AWS
    permissions: OperatorPermissions = field(default_factory=OperatorPermissions)

    def __post_init__(self) -> None:
        known = {step.id for step in self.steps}
        for step in self.steps:
            if not step.needs <= known:
                raise ValueError(f"{step.id} needs steps that are not in the plan: {sorted(step.needs - known)}")
        self.waves()

    def waves(self) -> tuple[tuple[Step, ...], ...]:
        """Return the steps in groups. The steps of a group can run in parallel as soon as all earlier groups are done.

        Raises ``ValueError`` if steps need each other.
        """
        waiting, done, waves = list(self.steps), set[str](), []
        while waiting:
            ready = tuple(step for step in waiting if step.needs <= done)
            if not ready:
                raise ValueError(f"steps wait for each other: {', '.join(step.id for step in waiting)}")
            waves.append(ready)
            done |= {step.id for step in ready}
            waiting = [step for step in waiting if step.id not in done]
        return tuple(waves)

    @property
    def in_order(self) -> tuple[Step, ...]:
        """The steps in the order in which they are shown everywhere: group after group of ``waves``."""
        return tuple(step for wave in self.waves() for step in wave)

    def critical_path(self, cost: Callable[[Step], float]) -> float:
        """Return the shortest possible time of a run in which each step takes ``cost(step)``.

        The result has the unit of ``cost``.
        """
        finish: dict[str, float] = {}
        for step in self.in_order:
            finish[step.id] = cost(step) + max((finish[need] for need in step.needs), default=0.0)
        return max(finish.values(), default=0.0)

    def step_permissions(self) -> tuple[Permission, ...]:
        """Return what the steps and their undo need, without duplicates."""
        return tuple(dict.fromkeys(each for step in self.steps for each in (*step.permissions, *step.undo_permissions)))
