"""RunRecord: the events of a run and its validation folded into one picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, Readiness, readiness
from breakglass_tui.domain.problems import Problem

DONE_STATUSES = (e.StepStatus.DONE, e.StepStatus.UNCHANGED)


@dataclass(slots=True)
class StepRecord:
    """One step as it stands now."""

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
        """Whether it is done, and has not been taken back."""
        return self.status in DONE_STATUSES

    @property
    def may_exist(self) -> bool:
        """Whether AWS may hold something of it."""
        return self.started_at is not None and self.status is not e.StepStatus.UNDONE


@dataclass(slots=True)
class RecoveryState:
    """What a step must know of requests and secrets of any earlier process of the run.

    ``sent`` says when an operation last went out, ``done`` holds those that AWS carried out, less what was taken back;
    ``unanswered`` counts, by operation, requests whose outcome nobody knows.
    """

    sent: dict[str, datetime] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    unanswered: Counter[str] = field(default_factory=Counter)
    unmanaged: set[str] = field(default_factory=set)
    envelopes: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)

    def apply(self, event: e.Event) -> None:
        """Take one more event in."""
        match event:
            case e.CallStarted(at=at, source=e.CallSource.STEP, operation=operation):
                self.sent[operation] = at
                self.unanswered[operation] += 1
            case e.CallDelayed(source=e.CallSource.STEP, operation=operation):
                self.unanswered[operation] -= 1
            case e.CallFinished(source=e.CallSource.STEP, call=Call(operation=operation, lost=False, error=error)):
                self.unanswered[operation] -= 1
                if not error:
                    self._carried_out(operation)
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

    def _carried_out(self, operation: str) -> None:
        self.done.add(operation)
        if ":Delete" in operation:
            # What was removed is not there any more; what is seen later is another's.
            self.done.discard(operation.replace(":Delete", ":Create"))


@dataclass(slots=True)
class RunRecord:
    """Everything a screen, a report or an exit code needs to know of a run; only ``apply`` changes it.

    ``lasting`` are the envelopes of the password for after the first sign-in, None before it is sealed; until
    ``signed_in_at`` AWS may hold this one or the temporary one, and the envelopes of both are the run's.
    """

    header: e.RunHeader | None = None
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
        """The verdict of the checks seen so far."""
        return readiness(self.checks.values())

    @property
    def not_removed(self) -> tuple[Problem, ...]:
        """What the undo could not remove, in the order in which the commands that would must be run."""
        return tuple(self._left.values())

    @property
    def may_exist(self) -> tuple[StepRecord, ...]:
        """The steps that AWS may hold something of, in the order in which they began."""
        return tuple(step for id in self._order if (step := self.steps.get(id)) and step.may_exist)

    def apply(self, event: e.Event) -> None:  # noqa: C901, PLR0912, PLR0915 - one case an event
        """Take one more event in."""
        self.recovery.apply(event)
        match event:
            case e.RunStarted(at=at, header=header, steps=briefs):
                self.header, self.started_at = header, at
                self.steps = {brief.id: StepRecord(brief.id, brief.title) for brief in briefs}
            case e.RunResumed(at=at, purpose=purpose):
                self.resumed_at = at
                self._resume(purpose)
            case e.StepStarted(at=at, step=step):
                self._begin(step, at)
            case e.StepNoted(step=step, text=text):
                self._set(step, doing=text)
            case e.CallStarted(source=e.CallSource.STEP, id=step, operation=operation, attempt=attempt):
                self._set(step, doing=operation if attempt == 1 else f"{operation}, try {attempt}")
            case e.CallDelayed(source=e.CallSource.STEP, id=step, operation=operation, reason=reason, delay_s=delay):
                self._set(step, doing=f"{operation}: {reason}, again in {delay:.1f} s")
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
                # What a step asked on the way forward was withdrawn; only what the undo asks is open.
                self.undoing = True
                self.questions.clear()
            case e.StepUndoing(step=step):
                self._set(step, status=e.StepStatus.UNDOING)
            case e.StepUndone(step=step, left=left):
                ended = e.StepStatus.FAILED if left else e.StepStatus.UNDONE
                self._set(step, status=ended, left=left, doing="", detail="removed again" if not left else left.what)
                self._note_left(step, left)
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

    def _begin(self, step: str, at: datetime) -> None:
        """The order is that of the events, not of their times: a clock may be set back."""
        self._set(step, status=e.StepStatus.RUNNING, started_at=at, problem=None)
        self._order.pop(step, None)
        self._order[step] = None

    def _resume(self, purpose: e.Purpose) -> None:
        """What was done stays, unless all is carried out anew; the rest is to be gone through once more."""
        self.finished_at, self.status, self.problem, self.stopped = None, e.RunStatus.RUNNING, None, False
        self.questions.clear()
        self.preflight.clear()
        anew = purpose == "anew"
        # A simulated account is gone with its process, and so is all that was known of it; its own process resumes.
        demo = self.header is not None and self.header.demo
        if anew or (demo and purpose == "undo"):
            self.facts.clear()
            self.envelopes.clear()
            self.permanent, self.signed_in_at = None, None
            self.recovery = RecoveryState(envelopes=self.recovery.envelopes)
        for step in self.steps.values():
            if (anew or not step.is_done) and step.status is not e.StepStatus.UNDONE:
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
        """Sealed once more, they take the place of those that were sealed for this before."""
        before, self.permanent = self.permanent or (), envelopes
        self._hold(step, drop=before, take=envelopes)

    def _sign_in(self, step: str, at: datetime) -> None:
        self.signed_in_at = at
        permanent = self.permanent or ()
        record = self.steps.get(step)
        self._hold(step, drop=tuple(each for each in (record.envelopes if record else ()) if each not in permanent))

    def _hold(self, step: str, *, drop: tuple[e.EnvelopeInfo, ...], take: tuple[e.EnvelopeInfo, ...] = ()) -> None:
        record = self.steps.get(step)
        own = record.envelopes if record else ()
        self._set(step, doing="", envelopes=(*(each for each in own if each not in drop), *take))
        self.envelopes = [*(each for each in self.envelopes if each not in drop), *take]

    def _note_left(self, step: str, left: Problem | None) -> None:
        """What is gone takes its envelopes along: their secret no longer opens anything."""
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
