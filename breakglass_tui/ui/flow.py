"""The state that the screens share, and the rules for moving between them. It uses no widgets and makes no AWS calls.

It is loaded before the first paint. So modules that take time to import are imported inside functions.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from breakglass_tui.domain.endpoints import Endpoint, Place, place_of
from breakglass_tui.ui.draft import Draft

if TYPE_CHECKING:
    from breakglass_tui.domain.account import Account, Caller
    from breakglass_tui.domain.checks import CheckResult
    from breakglass_tui.domain.evidence_signer import EvidenceSigner
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
    """The start screen and the four phases, in the order in which the operator passes them."""

    START = 0
    ASSESSMENT = 1
    SUMMARY = 2
    CONFIGURATION = 3
    VALIDATION = 4

    @property
    def title(self) -> str:
        """The name of the phase for the operator, such as "Assessment"."""
        return self.name.capitalize()


PHASES = tuple(phase for phase in Phase if phase is not Phase.START)
"""The four phases, without the start screen."""


@dataclass(eq=False, repr=False)
class Session:
    """The state that the screens share. Only the App changes it, on the event loop.

    ``connect`` returns the ``Cloud`` of the account. Envelopes and reports are written below ``directory``, journals
    below ``journals``. ``program`` is the command line that connects to the same account again. ``endpoint`` is the
    endpoint URL that the operator gave, or empty. ``trouble`` is why the account could not be reached.

    ``setup``, ``plan`` and ``run`` belong to the user being created, and are None before that. ``preflight`` has the
    results of the preflight checks by check id, and ``prechecking`` is True while they run. ``taken_up`` is the
    operator's choice for a run of an earlier process, and None for a run of this process. ``stopping`` is what happens
    to the resources after the operator stopped the run.

    ``visit`` is the validation on the screen, if its user was created by no run of this session. ``past`` is the run
    history of this machine. ``left_open`` has the ids of unfinished runs that this process has left. ``choose_signer``
    returns what signs the evidence, or None. It gets a function that shows a sentence.

    ``wanted`` is the form field that the Assessment focuses when it opens. "offline" also opens the dialog of the
    offline seals. ``left_at`` is the form field that had the focus when the Assessment was left.
    """

    connect: Callable[[], Cloud]
    directory: Path
    journals: Path
    clock: Clock
    demo: bool
    draft: Draft
    program: str = "breakglass-tui"
    endpoint: str = ""
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
    choose_signer: Callable[[Cloud, Callable[[str], object]], EvidenceSigner | None] = lambda *_: None

    @property
    def place(self) -> Place:
        """What answers the calls: AWS, the simulated account, an emulator or another endpoint.

        Until the app has connected, an endpoint given by the operator counts as an emulator.
        """
        if self.cloud is not None:
            return self.cloud.place
        return place_of(Endpoint(self.endpoint) if self.endpoint else None, demo=self.demo)

    @cached_property
    def store(self) -> RunStore:
        """The journals of all runs on this machine."""
        from breakglass_tui.engine.run_store import RunStore

        return RunStore(self.journals, self.clock)

    @cached_property
    def proofs(self) -> VerdictStore:
        """The saved verdicts of all users that were validated on this machine."""
        from breakglass_tui.engine.verdict_store import VerdictStore

        return VerdictStore(self.journals)

    @cached_property
    def record(self) -> RunRecord:
        """The record of this session's run and its validation, built from their events."""
        from breakglass_tui.domain.record import RunRecord

        return RunRecord()

    @cached_property
    def proof(self) -> Proof:
        """The state of the validation of the user that this session's run created."""
        from breakglass_tui.ui.proof import Proof

        return Proof(self.record)

    @property
    def inspecting(self) -> bool:
        """Whether checks of the user that the run created are active."""
        return self.proof.inspecting

    @property
    def exported(self) -> tuple[Path, ...]:
        """The files of the last report on the run. Empty if none was written."""
        return self.proof.exported

    def signer(self, notify: Callable[[str], object] = lambda _: None) -> EvidenceSigner | None:
        """Return what signs the evidence, or None if it is not signed or the account is not connected.

        It calls ``notify`` with a sentence if the key waits for the operator.
        """
        return None if self.cloud is None else self.choose_signer(self.cloud, notify)

    def afresh(self) -> Session:
        """Return a session with the same connection to the account, an empty form, and no run.

        Wipe the secrets of this session's run.
        """
        if self.setup is not None:
            self.setup.vault.wipe()
        fresh = Session(
            self.connect, self.directory, self.journals, self.clock, self.demo, self.draft.anew(), self.program
        )
        fresh.endpoint, fresh.choose_signer = self.endpoint, self.choose_signer
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
        """Use a run of an earlier process as the run of this session, to resume or undo it.

        The session must not have a run yet.
        """
        from breakglass_tui.domain.events import RunResumed
        from breakglass_tui.ui.proof import Proof

        self.setup, self.plan, self.run = again.setup, again.plan, again.run
        self.draft.region = again.setup.account.region
        self.taken_up = "undo" if again.undo else "resume"
        self.left_open -= {again.past.id}
        self.record = copy.deepcopy(again.past.record)
        self.proof = Proof(self.record)
        # The screen is drawn before the run emits this event. It would still show how the earlier process ended.
        self.record.apply(RunResumed(self.clock.now(), self.taken_up))

    @property
    def began(self) -> bool:
        """Whether the run has started. After that, the form cannot be changed."""
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
        """Whether the run is undoing its steps."""
        return self.running and (self.record.undoing or self.taken_up == "undo")

    @property
    def ending(self) -> bool:
        """Whether the active run starts no more steps: it was stopped, a step failed, or it is undoing its steps."""
        from breakglass_tui.domain.events import StepStatus

        failed = any(step.status is StepStatus.FAILED for step in self.record.steps.values())
        return self.running and (self.stopping is not None or self.removing or failed)

    @property
    def may_start_over(self) -> bool:
        """Whether the operator may leave the run and create another user.

        This is so if the run has ended and either everything is removed or another process is working on the user.
        """
        from breakglass_tui.domain.events import RunStatus
        from breakglass_tui.domain.problems import Kind

        record = self.record
        busy = record.problem is not None and record.problem.kind is Kind.BUSY
        return self.run is not None and record.finished_at is not None and (busy or record.status is RunStatus.UNDONE)


def may_visit(session: Session) -> bool:
    """Return whether the operator may validate any user: the account is known, and no run is active."""
    return session.cloud is not None and session.caller is not None and not session.running


def may_move(session: Session, current: Phase, origin: Phase, to: Phase, visit: Visit | None = None) -> bool:
    """Return whether the App may go from the phase ``origin`` to the phase ``to``.

    ``current`` is the phase on the screen. If ``origin`` differs from it, a key was pressed twice, and the answer is
    False. After the first write the form cannot be reached. The start can always be reached, unless a run is active.

    With ``visit``, the question is whether the App may show this validation of a user that no run of this session
    created.
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
