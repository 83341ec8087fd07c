"""RunRecord: the state of a run and its validation, computed from the events of both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import REMOVED, CheckResult, Readiness, Verdict, readiness
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.run_header import RunHeader

DONE_STATUSES = (e.StepStatus.DONE, e.StepStatus.UNCHANGED)


@dataclass(slots=True)
class StepRecord:
    """The current state of one step.

    ``doing`` says what the step does now, and ``detail`` is its result. Both are text for people. ``left`` describes
    what the undo could not remove.
    """

    id: str
    title: str
    status: e.StepStatus = e.StepStatus.NEXT
    started_at: datetime | None = None
    elapsed_ms: int = 0
    detail: str = ""
    doing: str = ""
    calls: list[Call] = field(default_factory=list)
    envelopes: tuple[e.EnvelopeInfo, ...] = ()
    problem: Problem | None = None
    left: Problem | None = None

    @property
    def is_done(self) -> bool:
        """Whether the step is done and has not been undone."""
        return self.status in DONE_STATUSES

    @property
    def may_exist(self) -> bool:
        """Whether resources of this step may exist in AWS: it was started and has not been undone."""
        return self.started_at is not None and self.status is not e.StepStatus.UNDONE


@dataclass(slots=True)
class RecoveryState:
    """What a step must know about the requests and secrets of this process and of earlier processes of the run.

    - ``sent``: by operation, the time of its last request.
    - ``done``: the operations that AWS applied and that were not undone since.
    - ``unanswered``: by operation, the number of requests with an unknown result.
    - ``unmanaged``: descriptions of resources that the run found and did not create.
    - ``envelopes``: the paths of the envelopes that the run wrote or started to write.
    - ``stored``: the ids of the steps whose secret the operator has stored.
    """

    sent: dict[str, datetime] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    unanswered: Counter[str] = field(default_factory=Counter)
    unmanaged: set[str] = field(default_factory=set)
    envelopes: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)

    def apply(self, event: e.Event) -> None:
        """Update the state with ``event``."""
        match event:
            case e.CallStarted(at=at, source=e.CallSource.STEP, operation=operation):
                self.sent[operation] = at
                self.unanswered[operation] += 1
            case e.CallDelayed(source=e.CallSource.STEP, operation=operation):
                self.unanswered[operation] -= 1
            case e.CallFinished(source=e.CallSource.STEP, call=Call(operation=operation, lost=False, error=error)):
                self.unanswered[operation] -= 1
                if not error:
                    self._add_done(operation)
            case r.CallSettled(operation=operation):
                self.unanswered[operation] -= 1
                self.done.add(operation)
            case r.UnmanagedFound(thing=thing):
                self.unmanaged.add(thing)
            case r.EnvelopeStarted(path=path):
                self.envelopes.add(path)
            case r.SecretStored(step=step):
                self.stored.add(step)
            case _:
                pass

    def _add_done(self, operation: str) -> None:
        self.done.add(operation)
        if ":Delete" in operation:
            # The deleted resource is gone. If one is found later, this run did not create it.
            self.done.discard(operation.replace(":Delete", ":Create"))


@dataclass(slots=True)
class RunRecord:
    """Everything that a screen, a report or an exit code needs to know about a run. Only ``apply`` changes it.

    ``facts`` are ids by name. ``questions`` are the open ones by number. ``permanent`` are the envelopes of the
    permanent password, None before that password is sealed. Until ``signed_in_at``, AWS may have the permanent or the
    temporary password. So the envelopes of both belong to the run until then.
    """

    header: RunHeader | None = None
    started_at: datetime | None = None
    resumed_at: datetime | None = None
    finished_at: datetime | None = None
    status: e.RunStatus = e.RunStatus.RUNNING
    stopped: bool = False
    undoing: bool = False
    problem: Problem | None = None
    steps: dict[str, StepRecord] = field(default_factory=dict)
    preflight: dict[str, CheckResult] = field(default_factory=dict)
    checks: dict[str, CheckResult] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    envelopes: list[e.EnvelopeInfo] = field(default_factory=list)
    questions: dict[int, e.Asked] = field(default_factory=dict)
    permanent: tuple[e.EnvelopeInfo, ...] | None = None
    signed_in_at: datetime | None = None
    recovery: RecoveryState = field(default_factory=RecoveryState)
    _left: dict[str, Problem] = field(default_factory=dict)
    _order: dict[str, None] = field(default_factory=dict)

    @property
    def readiness(self) -> Readiness:
        """The verdict of the checks that have finished so far. A user that was removed is not ready."""
        removed = self.status is e.RunStatus.UNDONE and bool(self._order)
        return Readiness(Verdict.NOT_READY, (REMOVED,)) if removed else readiness(self.checks.values())

    @property
    def not_removed(self) -> tuple[Problem, ...]:
        """What the undo could not remove.

        Each problem has a removal command, and the commands must be run in this order.
        """
        return tuple(self._left.values())

    @property
    def may_exist(self) -> tuple[StepRecord, ...]:
        """The steps whose resources may exist in AWS, in the order in which they started."""
        return tuple(step for id in self._order if (step := self.steps.get(id)) and step.may_exist)

    def apply(self, event: e.Event) -> None:  # noqa: C901, PLR0912, PLR0915 - one case an event
        """Update the record with ``event``."""
        self.recovery.apply(event)
        match event:
            case e.RunStarted(at=at, header=header, steps=briefs):
                self.header, self.started_at = header, at
                self.steps = {brief.id: StepRecord(brief.id, brief.title) for brief in briefs}
            case e.RunResumed(at=at):
                self.resumed_at = at
                self._resume(event)
            case e.StepStarted(at=at, step=step):
                self._start(step, at)
            case e.StepNoted(step=step, text=text):
                self._set(step, doing=text)
            case e.CallStarted(source=e.CallSource.STEP, id=step, operation=operation, attempt=attempt):
                self._set(step, doing=operation if attempt == 1 else f"{operation}, attempt {attempt}")
            case e.CallDelayed(source=e.CallSource.STEP, id=step, operation=operation, reason=reason, delay_s=delay):
                self._set(step, doing=f"{operation}: {reason}, retry in {delay:.1f} s")
            case e.CallFinished(source=e.CallSource.STEP, id=step, call=call):
                if step in self.steps:
                    self.steps[step].calls.append(call)
            case r.FactLearned(name=name, value=value):
                self.facts[name] = value
            case e.Asked(step=step, number=number):
                self.questions[number] = event
                self._set(step, status=e.StepStatus.WAITING, doing="waiting for you")
            case e.Answered(step=step, number=number):
                self.questions.pop(number, None)
                working = e.StepStatus.UNDOING if self.undoing else e.StepStatus.RUNNING
                self._set(step, status=working, doing="")
            case e.StepFinished():
                self._finish(event)
            case e.PermanentPasswordSealed(step=step, envelopes=envelopes):
                self._replace_permanent_envelopes(step, envelopes)
            case r.FirstSignInDone(at=at, step=step):
                self._sign_in(step, at)
            case e.UndoStarted():
                # The questions of the steps were withdrawn. Only questions of the undo can be open.
                self.undoing = True
                self.questions.clear()
            case e.StepUndoing(step=step):
                self._set(step, status=e.StepStatus.UNDOING)
            case e.StepUndone(step=step, left=left):
                ended = e.StepStatus.FAILED if left else e.StepStatus.UNDONE
                self._set(step, status=ended, left=left, doing="", detail="removed" if not left else left.what)
                self._set_not_removed(step, left)
            case e.RunFinished(at=at, status=status, problem=problem, stopped=stopped):
                self.finished_at, self.status, self.problem, self.stopped = at, status, problem, stopped
                self.questions.clear()
            case e.PreflightFinished(result=result):
                self.preflight[result.id] = result
            case e.CheckFinished(result=result):
                self.checks[result.id] = result
                self.facts = {**result.facts, **self.facts}
            case _:
                pass

    def _start(self, step: str, at: datetime) -> None:
        """Record the start of a step. The order of steps is that of their events, because a clock can be set back."""
        self._set(step, status=e.StepStatus.RUNNING, started_at=at, problem=None)
        self._order.pop(step, None)
        self._order[step] = None

    def _resume(self, event: e.RunResumed) -> None:
        """Reset unfinished steps to NEXT. Done steps stay, unless the run starts again from the beginning."""
        self.finished_at, self.status, self.problem, self.stopped = None, e.RunStatus.RUNNING, None, False
        self.questions.clear()
        self.preflight.clear()
        restart = event.purpose == "anew"
        # A simulated account ends with its process, so facts about it are void. Only its own process can use "resume".
        demo = self.header is not None and self.header.demo
        if restart or (demo and event.purpose == "undo" and not event.same_process):
            self.facts.clear()
            self.envelopes.clear()
            self.permanent, self.signed_in_at = None, None
            self.recovery = RecoveryState(envelopes=self.recovery.envelopes)
        for step in self.steps.values():
            if (restart or not step.is_done) and step.status is not e.StepStatus.UNDONE:
                step.status, step.doing, step.problem = e.StepStatus.NEXT, "", None

    def _finish(self, event: e.StepFinished) -> None:
        self._set(
            event.step,
            status=event.status,
            elapsed_ms=event.elapsed_ms,
            detail=event.detail,
            problem=event.problem,
            envelopes=event.envelopes,
            doing="",
        )
        self.facts.update(event.facts)
        self.envelopes.extend(event.envelopes)

    def _replace_permanent_envelopes(self, step: str, envelopes: tuple[e.EnvelopeInfo, ...]) -> None:
        """Record the envelopes of the permanent password, in place of those of an earlier permanent password."""
        before, self.permanent = self.permanent or (), envelopes
        self._exchange_envelopes(step, remove=before, add=envelopes)

    def _sign_in(self, step: str, at: datetime) -> None:
        self.signed_in_at = at
        permanent = self.permanent or ()
        record = self.steps.get(step)
        temporary = tuple(each for each in (record.envelopes if record else ()) if each not in permanent)
        self._exchange_envelopes(step, remove=temporary)

    def _exchange_envelopes(
        self, step: str, *, remove: tuple[e.EnvelopeInfo, ...], add: tuple[e.EnvelopeInfo, ...] = ()
    ) -> None:
        record = self.steps.get(step)
        own = record.envelopes if record else ()
        self._set(step, doing="", envelopes=(*(each for each in own if each not in remove), *add))
        self.envelopes = [*(each for each in self.envelopes if each not in remove), *add]

    def _set_not_removed(self, step: str, left: Problem | None) -> None:
        """Record what the undo of a step left in AWS. If it left nothing, drop the step's envelopes from the record."""
        self._left.pop(step, None)
        if left is not None:
            self._left[step] = left
            return
        record = self.steps.get(step)
        gone = record.envelopes if record else ()
        self._set(step, envelopes=())
        self.envelopes = [envelope for envelope in self.envelopes if envelope not in gone]

    def _set(self, step: str, **values: object) -> None:
        record = self.steps.get(step)
        for name, value in values.items() if record else ():
            setattr(record, name, value)
