"""The wizard's state and the rules of moving through it; no widgets, no cloud.

It is there before the first paint: whatever costs time to import is imported when it is needed.
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
    from breakglass_tui.engine.run import After, Run
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
"""What a run goes through."""


@dataclass(eq=False, repr=False)
class Session:
    """Everything the screens share; only the App changes it, on its own thread.

    ``visit`` is the validation of another user than the run's, while the operator looks at it. ``program`` is the
    command line that opens the same account again. ``stopping`` is what the operator wants to become of a run that was
    stopped; ``taken_up`` what shall become of a run that an earlier process began, None for a run of this one.
    ``past`` is what earlier runs and validations left on this machine, ``left_open`` the ids of runs of this process
    that were left behind with something still in AWS.
    ``seals_wanted`` says that the assessment shall open at the offline seals, ``left_at`` is the field that one was in
    when it was left.
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
    seals_wanted: bool = False
    left_at: str = ""
    run: Run | None = None
    taken_up: Literal["resume", "undo"] | None = None
    stopping: After | None = None
    visit: Visit | None = None
    past: Past | None = None
    left_open: frozenset[str] = frozenset()

    @cached_property
    def store(self) -> RunStore:
        """The journals of this and earlier runs."""
        from breakglass_tui.engine.run_store import RunStore

        return RunStore(self.journals, self.clock)

    @cached_property
    def proofs(self) -> VerdictStore:
        """The verdicts of this and earlier processes."""
        from breakglass_tui.engine.verdict_store import VerdictStore

        return VerdictStore(self.journals)

    @cached_property
    def record(self) -> RunRecord:
        """What the events of the run and its validation add up to."""
        from breakglass_tui.domain.record import RunRecord

        return RunRecord()

    @cached_property
    def proof(self) -> Proof:
        """The validation of the user that the run has made."""
        from breakglass_tui.ui.proof import Proof

        return Proof(self.record)

    @property
    def inspecting(self) -> bool:
        """Whether checks of the run's user are on their way."""
        return self.proof.inspecting

    @property
    def exported(self) -> tuple[Path, ...]:
        """The files of the run's last report."""
        return self.proof.exported

    def afresh(self) -> Session:
        """The same connection, with nothing chosen and nothing begun."""
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
        """Stand where an earlier process left its run; the session must be a fresh one."""
        from breakglass_tui.domain.events import RunResumed
        from breakglass_tui.ui.proof import Proof

        self.setup, self.plan, self.run = again.setup, again.plan, again.run
        self.draft.region = again.setup.account.region
        self.taken_up = "undo" if again.undo else "resume"
        self.left_open -= {again.past.id}
        self.record = copy.deepcopy(again.past.record)
        self.proof = Proof(self.record)
        # The screen is drawn before the run tells the same: until then it would show the end of the earlier process.
        self.record.apply(RunResumed(self.clock.now(), self.taken_up))

    @property
    def began(self) -> bool:
        """Whether a run was started: from then on nothing can be chosen anew."""
        return self.record.header is not None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None and self.record.finished_at is None

    @property
    def done(self) -> bool:
        """Whether the run has ended with all made."""
        from breakglass_tui.domain.events import RunStatus

        return self.record.finished_at is not None and self.record.status is RunStatus.DONE

    @property
    def removing(self) -> bool:
        """Whether what the run made is being removed."""
        return self.running and (self.record.undoing or self.taken_up == "undo")

    @property
    def ending(self) -> bool:
        """Whether the run is on its way out: the operator stopped it, a step failed, or all is being removed."""
        from breakglass_tui.domain.events import StepStatus

        failed = any(step.status is StepStatus.FAILED for step in self.record.steps.values())
        return self.running and (self.stopping is not None or self.removing or failed)

    @property
    def may_start_over(self) -> bool:
        """Whether the run has ended and leaves nothing open here: all is removed, or another process is at it."""
        from breakglass_tui.domain.events import RunStatus
        from breakglass_tui.domain.problems import Kind

        record = self.record
        busy = record.problem is not None and record.problem.kind is Kind.BUSY
        return self.run is not None and record.finished_at is not None and (busy or record.status is RunStatus.UNDONE)


def may_visit(session: Session) -> bool:
    """Whether the validation of any user can be opened: not while a run is under way."""
    return session.cloud is not None and session.caller is not None and not session.running


def may_move(session: Session, current: Phase, origin: Phase, to: Phase, visit: Visit | None = None) -> bool:
    """Whether the wizard goes from ``origin`` to ``to``, or to ``visit`` another user.

    A stale origin is a key pressed twice. After the first write there is no way back to the choices; the start can be
    reached from everywhere, but not while a run is under way.
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
