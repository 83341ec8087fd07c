"""RunState: the user being created, from the plan to the end of its run."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.events import RunResumed, RunStatus, StepStatus
from breakglass_tui.domain.problems import Kind
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.ui.state.run_history import ResumableRun
from breakglass_tui.ui.state.validation import Validation

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Setup
    from breakglass_tui.engine.plan import Plan
    from breakglass_tui.engine.run import AfterStop, Run


@dataclass(eq=False, repr=False)
class RunState:
    """The plan of a session, its run and the validation of the user.

    ``setup``, ``plan`` and ``engine`` are None before the plan and the run exist. ``preflight`` has the results of the
    preflight checks by check id, and ``prechecking`` is True while they run. ``taken_up`` is the operator's choice for
    a run of an earlier process, and None for a run of this process. ``stopping`` is what happens to the resources after
    the operator stopped the run.
    """

    setup: Setup | None = None
    plan: Plan | None = None
    preflight: dict[str, CheckResult] = field(default_factory=dict)
    prechecking: bool = False
    engine: Run | None = None
    taken_up: Literal["resume", "undo"] | None = None
    stopping: AfterStop | None = None

    @cached_property
    def record(self) -> RunRecord:
        """The record of the run and of the validation of its user, built from their events."""
        return RunRecord()

    @cached_property
    def validation(self) -> Validation:
        """The state of the validation of the user that the run created."""
        return Validation(self.record)

    @classmethod
    def resumed(cls, resumable: ResumableRun, now: datetime, *, same_process: bool) -> RunState:
        """Return the state of a run that is about to be resumed or undone.

        ``same_process`` is whether this process has written it.
        """
        choice: Literal["resume", "undo"] = "undo" if resumable.undo else "resume"
        state = cls(resumable.setup, resumable.plan, engine=resumable.run, taken_up=choice)
        state.record = copy.deepcopy(resumable.stored.record)
        # The screen is drawn before the run emits this event. It would still show how the earlier process ended.
        state.record.apply(RunResumed(now, choice, same_process=same_process))
        return state

    @property
    def began(self) -> bool:
        """Whether the run has started. After that, the form cannot be changed."""
        return self.record.header is not None

    @property
    def running(self) -> bool:
        """Whether a run is active."""
        return self.engine is not None and self.record.finished_at is None

    @property
    def done(self) -> bool:
        """Whether the run has ended with every step done."""
        return self.record.finished_at is not None and self.record.status is RunStatus.DONE

    @property
    def removing(self) -> bool:
        """Whether the run is undoing its steps."""
        return self.running and (self.record.undoing or self.taken_up == "undo")

    @property
    def ending(self) -> bool:
        """Whether the active run starts no more steps: it was stopped, a step failed, or it is undoing its steps."""
        failed = any(step.status is StepStatus.FAILED for step in self.record.steps.values())
        return self.running and (self.stopping is not None or self.removing or failed)

    @property
    def may_start_over(self) -> bool:
        """Whether the operator may leave the run and create another user.

        This is so if the run has ended and either everything is removed or another process is working on the user.
        """
        record = self.record
        busy = record.problem is not None and record.problem.kind is Kind.BUSY
        return (
            self.engine is not None and record.finished_at is not None and (busy or record.status is RunStatus.UNDONE)
        )

    @property
    def left_unfinished(self) -> str:
        """The id of the run if it has ended and can be resumed or undone, else an empty string."""
        record = self.record
        open_ = record.finished_at is not None and record.status is RunStatus.INCOMPLETE
        return record.header.id if record.header is not None and open_ else ""
