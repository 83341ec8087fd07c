"""The wizard's state and the rules of moving through it; no widgets, no cloud.

It is there before the first paint: whatever costs time to import is imported when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from breakglass_tui.ui.draft import Draft

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, Caller
    from breakglass_tui.domain.checks import CheckResult
    from breakglass_tui.domain.events import Event, StepBrief
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.record import RunRecord
    from breakglass_tui.engine.clock import Clock
    from breakglass_tui.engine.cloud import Cloud, Setup
    from breakglass_tui.engine.plan import Plan
    from breakglass_tui.engine.run import After, Run
    from breakglass_tui.engine.store import RunStore


class Phase(IntEnum):
    """The four screens, in order."""

    ASSESSMENT = 1
    SUMMARY = 2
    CONFIGURATION = 3
    VALIDATION = 4

    @property
    def title(self) -> str:
        """The name on the phase bar."""
        return self.name.capitalize()


@dataclass(eq=False, repr=False)
class Session:
    """Everything the screens share; only the App changes it, on its own thread.

    ``check_titles`` are the checks of the validation in their order, ``unchecked`` those that are yet to give a result.
    ``stopping`` is what the operator wants to become of a run that was stopped.
    """

    connect: Callable[[], Cloud]
    directory: Path
    journals: Path
    clock: Clock
    demo: bool
    draft: Draft
    cloud: Cloud | None = None
    caller: Caller | None = None
    account: Account | None = None
    trouble: Problem | None = None
    setup: Setup | None = None
    plan: Plan | None = None
    preflight: dict[str, CheckResult] = field(default_factory=dict)
    prechecking: bool = False
    run: Run | None = None
    stopping: After | None = None
    inspecting: bool = False
    check_titles: dict[str, str] = field(default_factory=dict)
    unchecked: set[str] = field(default_factory=set)
    exported: tuple[Path, ...] = ()

    @cached_property
    def store(self) -> RunStore:
        """The journals of this and earlier runs."""
        from breakglass_tui.engine.store import RunStore

        return RunStore(self.journals, self.clock)

    @cached_property
    def record(self) -> RunRecord:
        """What the events of the run and its validation add up to."""
        from breakglass_tui.domain.record import RunRecord

        return RunRecord()

    def expect_checks(self, checks: Sequence[StepBrief]) -> None:
        """These checks are about to run."""
        self.check_titles.update({check.id: check.title for check in checks})
        self.unchecked = {check.id for check in checks}

    def apply_check(self, event: Event | None) -> None:
        """A validation told this; None is its end."""
        from breakglass_tui.domain.events import CheckFinished

        if event is None:
            self.inspecting = False
            self.unchecked.clear()
            return
        self.record.apply(event)
        if isinstance(event, CheckFinished):
            self.unchecked.discard(event.result.id)

    @property
    def began(self) -> bool:
        """Whether a run was started: from then on nothing can be chosen anew."""
        return self.record.header is not None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None and self.record.finished_at is None

    @property
    def ending(self) -> bool:
        """Whether the run is on its way out: the operator stopped it, or a step failed and all is taken back."""
        from breakglass_tui.domain.events import StepStatus

        out = (StepStatus.FAILED, StepStatus.UNDOING, StepStatus.UNDONE)
        return self.running and (
            self.stopping is not None or any(step.status in out for step in self.record.steps.values())
        )


def may_move(session: Session, current: Phase, origin: Phase, to: Phase) -> bool:
    """Whether the wizard goes from ``origin`` to ``to``.

    A stale origin is a key pressed twice. After the first write there is no way back to the choices.
    """
    if origin is not current:
        return False
    match to:
        case Phase.ASSESSMENT:
            return not session.began
        case Phase.SUMMARY:
            return session.setup is not None and not session.began
        case Phase.CONFIGURATION:
            return session.run is not None
        case Phase.VALIDATION:
            from breakglass_tui.domain.events import RunStatus

            return session.record.status is RunStatus.DONE
