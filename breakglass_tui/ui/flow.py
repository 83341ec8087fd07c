"""The state of the wizard, and the rules of moving through it. It knows no widgets and no cloud.

It is loaded before the first paint, so modules that take time to import are imported when they are needed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from breakglass_tui.ui.draft import Draft

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, Caller
    from breakglass_tui.domain.checks import CheckResult
    from breakglass_tui.domain.problems import Problem
    from breakglass_tui.domain.record import RunRecord
    from breakglass_tui.engine.clock import Clock
    from breakglass_tui.engine.cloud import Cloud, Setup
    from breakglass_tui.engine.plan import Plan
    from breakglass_tui.engine.run import AfterStop, Run
    from breakglass_tui.engine.run_store import RunStore
    from breakglass_tui.engine.verdict_store import VerdictStore
    from breakglass_tui.ui.past import Again, Past
    from breakglass_tui.ui.proof import Proof, Visit


class Phase(IntEnum):
    """The start, then the four phases in order."""

    START = 0
    ASSESSMENT = 1
    SUMMARY = 2
    CONFIGURATION = 3
    VALIDATION = 4

    @property
    def title(self) -> str:
        """The name on the phase bar."""
        return self.name.capitalize()


PHASES = tuple(phase for phase in Phase if phase is not Phase.START)
"""The phases of a run."""


@dataclass(eq=False, repr=False)
class Session:
    """The state that the screens share. Only the App changes it, on its own thread.

    ``program`` is the command line that connects to the same account again. ``visit`` is the validation on the screen,
    if it is of a user that no run of this session created.

    ``stopping`` is the operator's choice after a stop. ``taken_up`` is the operator's choice for a run of an earlier
    process, and None for a run of this process. ``past`` is the run history of this machine. ``left_open`` are the ids
    of runs of this process that were left with resources in AWS.

    ``wanted`` is the field that the next assessment focuses. For the offline seals it also opens their dialog.
    ``left_at`` is the field that had the focus when the assessment was left.
    """

    connect: Callable[[], Cloud]
    directory: Path
    journals: Path
    clock: Clock
    demo: bool
    draft: Draft
    program: str = "breakglass-tui"
    cloud: Cloud | None = None
    caller: Caller | None = None
    account: Account | None = None
    trouble: Problem | None = None
    setup: Setup | None = None
    plan: Plan | None = None
    preflight: dict[str, CheckResult] = field(default_factory=dict)
    prechecking: bool = False
    wanted: Literal["", "offline", "mfa"] = ""
    left_at: str = ""
    run: Run | None = None
    taken_up: Literal["resume", "undo"] | None = None
    stopping: AfterStop | None = None
    visit: Visit | None = None
    past: Past | None = None
    left_open: frozenset[str] = frozenset()

    @cached_property
    def store(self) -> RunStore:
        """The journals of this run and of earlier runs."""
        from breakglass_tui.engine.run_store import RunStore

        return RunStore(self.journals, self.clock)

    @cached_property
    def proofs(self) -> VerdictStore:
        """The verdicts of this and earlier processes."""
        from breakglass_tui.engine.verdict_store import VerdictStore

        return VerdictStore(self.journals)

    @cached_property
    def record(self) -> RunRecord:
        """The record of the run and its validation, folded from their events."""
        from breakglass_tui.domain.record import RunRecord

        return RunRecord()

    @cached_property
    def proof(self) -> Proof:
        """The validation of the user that the run created."""
        from breakglass_tui.ui.proof import Proof

        return Proof(self.record)

    @property
    def inspecting(self) -> bool:
        """Whether checks of the run's user are running."""
        return self.proof.inspecting

    @property
    def exported(self) -> tuple[Path, ...]:
        """The files of the run's last report."""
        return self.proof.exported

    def afresh(self) -> Session:
        """Return a session with the same connection, an empty form and no run."""
        fresh = Session(
            self.connect, self.directory, self.journals, self.clock, self.demo, self.draft.anew(), self.program
        )
        fresh.cloud, fresh.caller, fresh.store = self.cloud, self.caller, self.store
        fresh.draft.region = self.draft.region
        fresh.past, fresh.left_open = self.past, self.left_open | self._open_here
        return fresh

    @property
    def _open_here(self) -> frozenset[str]:
        from breakglass_tui.domain.events import RunStatus

        header, ended = self.record.header, self.record.finished_at is not None
        open_ = header is not None and ended and self.record.status is RunStatus.INCOMPLETE
        return frozenset({header.id} if header is not None and open_ else ())

    def take_up(self, again: Again) -> None:
        """Load the run of an earlier process, to be resumed or removed. The session must have no run yet."""
        from breakglass_tui.domain.events import RunResumed
        from breakglass_tui.ui.proof import Proof

        self.setup, self.plan, self.run = again.setup, again.plan, again.run
        self.draft.region = again.setup.account.region
        self.taken_up = "undo" if again.undo else "resume"
        self.left_open -= {again.past.id}
        self.record = copy.deepcopy(again.past.record)
        self.proof = Proof(self.record)
        # The screen is drawn before the run emits this event. Until then it would show how the earlier process ended.
        self.record.apply(RunResumed(self.clock.now(), self.taken_up))

    @property
    def began(self) -> bool:
        """Whether a run has started. From then on the form cannot be changed."""
        return self.record.header is not None

    @property
    def running(self) -> bool:
        """Whether a run is active."""
        return self.run is not None and self.record.finished_at is None

    @property
    def done(self) -> bool:
        """Whether the run has ended with every step done."""
        from breakglass_tui.domain.events import RunStatus

        return self.record.finished_at is not None and self.record.status is RunStatus.DONE

    @property
    def removing(self) -> bool:
        """Whether the run is removing what it created."""
        return self.running and (self.record.undoing or self.taken_up == "undo")

    @property
    def ending(self) -> bool:
        """Whether the run is about to end: the operator stopped it, a step failed, or it is removing everything."""
        from breakglass_tui.domain.events import StepStatus

        failed = any(step.status is StepStatus.FAILED for step in self.record.steps.values())
        return self.running and (self.stopping is not None or self.removing or failed)

    @property
    def may_start_over(self) -> bool:
        """Whether the run has ended and nothing is left to do here: all is removed, or another process has the run."""
        from breakglass_tui.domain.events import RunStatus
        from breakglass_tui.domain.problems import Kind

        record = self.record
        busy = record.problem is not None and record.problem.kind is Kind.BUSY
        return self.run is not None and record.finished_at is not None and (busy or record.status is RunStatus.UNDONE)


def may_visit(session: Session) -> bool:
    """Return whether the validation of any user can be opened: the account is known, and no run is active."""
    return session.cloud is not None and session.caller is not None and not session.running


def may_move(session: Session, current: Phase, origin: Phase, to: Phase, visit: Visit | None = None) -> bool:
    """Return whether the wizard may go from ``origin`` to ``to``, or to the validation ``visit`` of another user.

    An ``origin`` that is not the current phase comes from a key pressed twice. After the first write there is no way
    back to the form. The start can be reached from every phase, unless a run is active.
    """
    if origin is not current:
        return False
    if visit is not None:
        return to is Phase.VALIDATION and may_visit(session)
    allowed = {
        Phase.START: not session.running,
        Phase.ASSESSMENT: not session.began,
        Phase.SUMMARY: session.setup is not None and not session.began,
        Phase.CONFIGURATION: session.run is not None,
        Phase.VALIDATION: session.done and (current is not to or session.visit is not None),
    }
    return allowed[to]
