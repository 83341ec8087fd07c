"""Run: carries out a plan, tells events, and takes back what it made when it cannot be finished."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Literal, Protocol

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import Answer
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.sight import Seen
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.crew import Crew, Finished
from breakglass_tui.engine.inspection import Inspection
from breakglass_tui.engine.ledger import Ledger
from breakglass_tui.engine.looking import sights
from breakglass_tui.engine.plan import Check, Outcome, Plan, Step
from breakglass_tui.engine.questions import Questions
from breakglass_tui.engine.reasons import changed, envelope_lost, halted
from breakglass_tui.engine.turn import Stopped, Turn
from breakglass_tui.engine.unexpected import as_problem
from breakglass_tui.secrets.envelopes import intact

After = Literal["undo", "keep"]


class Keeper(Protocol):
    """What makes events durable."""

    def write(self, event: e.Event) -> None:
        """Keep ``event``; raises ``Problem`` when it cannot."""
        ...


Opening = Callable[[], AbstractContextManager[Keeper]]
"""Opens the journal and claims the user for as long as the run is told; raises ``Problem``."""


class Run:
    """One run of one plan. ``events`` is consumed once, in any thread; the other methods may come from others.

    ``past`` is what earlier processes did of the same run, and ``purpose`` what shall become of it.
    """

    def __init__(
        self,
        plan: Plan,
        header: e.RunHeader,
        *,
        opening: Opening,
        preflight: Sequence[Check] = (),
        past: RunRecord | None = None,
        purpose: e.Purpose = "resume",
        clock: Clock | None = None,
    ) -> None:
        self._plan = plan
        self._header = header
        self._opening = opening
        self._clock = clock or SystemClock()
        self._preflight = Inspection(preflight, self._clock)
        self._past = past
        self._purpose = purpose
        self._ledger = Ledger(copy.deepcopy(past))
        self._crew: Crew[Outcome] = Crew()
        self._questions = Questions(self._publish, self._clock)
        self._stop = threading.Event()
        self._halt_undo = threading.Event()
        self._taking_back = False
        self._leave = False
        self._after: After = "undo"

    def answer(self, number: int, answer: Answer) -> bool:
        """Answer an ``Asked`` event; False if the question is no longer open."""
        return self._questions.answer(number, answer)

    def stop(self, after: After) -> None:
        """Start no further step, let the calls in flight end, then undo what was made or keep it.

        An undo under way is not stopped but by "keep"; what it has not removed then waits for another process.
        """
        if self._taking_back and after == "undo":
            return
        self._after = after
        if after == "keep":
            self._halt_undo.set()
        else:
            self._halt_undo.clear()
        self._stop.set()
        self._preflight.stop()
        self._questions.withdraw()

    def events(self) -> Iterator[e.Event]:
        """Everything that happens, as it happens; the last event is ``RunFinished``."""
        # The crew ends first: what its threads still tell must find the journal open.
        with ExitStack() as stack, self._crew:
            first = self._first()
            try:
                journal = stack.enter_context(self._opening())
                self._ledger.keep_with(journal.write)
                self._ledger.announce(first)
            except Problem as problem:
                yield first
                yield e.RunFinished(self._clock.now(), self._as_it_stands(problem), problem)
                return
            yield first
            try:
                yield from self._backward() if self._only_undo() else self._onward()
            finally:
                # A reader may have gone away: what is in flight then ends at its next wait.
                self.stop("keep")

    def _first(self) -> e.Event:
        if self._past is not None:
            return e.RunResumed(self._clock.now(), self._purpose)
        briefs = tuple(e.StepBrief(step.id, step.title) for step in self._plan.in_order)
        return e.RunStarted(self._clock.now(), self._header, briefs)

    def _only_undo(self) -> bool:
        return self._past is not None and (self._purpose == "undo" or self._ledger.record.undoing)

    def _onward(self) -> Iterator[e.Event]:
        problem = yield from self._checked()
        if problem is None and self._past is not None:
            problem = yield from self._still_as_left()
        # What an earlier process made is not taken back because this one cannot begin.
        self._leave = problem is not None
        problem = yield from self._forward(problem)
        stopped = self._stop.is_set()
        problem = problem or self._ledger.broken
        if self._stays(problem):
            yield self._tell(e.RunFinished(self._clock.now(), self._as_it_stands(problem), problem, stopped=stopped))
        else:
            yield from self._backward(problem)

    def _stays(self, problem: Problem | None) -> bool:
        """Whether what was made stays: it is whole, somebody wants it to, or nothing can be removed now."""
        if self._stop.is_set():
            return self._after == "keep" or self._ledger.broken is not None
        helpless = problem is not None and problem.kind is Kind.CREDENTIALS
        return problem is None or self._leave or helpless or self._ledger.broken is not None

    def _as_it_stands(self, problem: Problem | None) -> e.RunStatus:
        record = self._ledger.record
        if problem is None and record.steps and all(step.made for step in record.steps.values()):
            return e.RunStatus.DONE
        return e.RunStatus.INCOMPLETE if record.begun else e.RunStatus.UNDONE

    def _checked(self) -> Generator[e.Event, None, Problem | None]:
        """Look once more before the first write; returns the first reason not to begin."""
        problem: Problem | None = None
        for event in self._preflight.events():
            if isinstance(event, e.CheckFinished):
                result = event.result
                yield self._tell(e.PreflightFinished(event.at, result))
                if result.status is CheckStatus.FAIL and problem is None:
                    what = f"Nothing was written: {result.found}"
                    problem = Problem(what, why=result.why, next=result.remedy, kind=Kind.REFUSED, code=result.id)
        return problem

    def _still_as_left(self) -> Generator[e.Event, None, Problem | None]:
        """Look whether what earlier processes made is there as they left it; returns the first reason not to go on."""
        made = [step for step in self._plan.steps if self._ledger.record.steps[step.id].made]
        problem: Problem | None = None
        for step, sight in sights(made, self._ledger.record, self._clock, patient=True, stop=self._stop):
            yield self._tell(e.StepNoted(self._clock.now(), step.id, f"{sight.seen.value} {sight.text}".strip()))
            if sight.seen is not Seen.THERE and problem is None and not self._stop.is_set():
                problem = changed(step, f"{sight.seen.value} {sight.text}".strip())
        lost = [envelope.path for envelope in self._ledger.record.envelopes if not intact(envelope)]
        return problem or (envelope_lost(lost[0]) if lost else None)

    def _forward(self, problem: Problem | None) -> Generator[e.Event, None, Problem | None]:
        """Run every step whose needs are met, side by side; returns the first problem."""
        record = self._ledger.record
        waiting = [step for step in self._plan.steps if not record.steps[step.id].made]
        running: dict[str, float] = {}
        while True:
            ready = [step for step in waiting if all(record.steps[need].made for need in step.needs)]
            for step in ready if not self._stop.is_set() else ():
                problem = problem or self._announced(started := e.StepStarted(self._clock.now(), step.id))
                if problem is not None:
                    break
                waiting.remove(step)
                running[step.id] = self._clock.ticks()
                yield started
                self._crew.start(step.id, partial(step.apply, self._turn(step, self._stop)))
            if not running:
                break
            item = self._crew.next()
            if not isinstance(item, Finished):
                yield item
                continue
            finished = self._ended(item, round((self._clock.ticks() - running.pop(item.id)) * 1000))
            problem = problem or finished.problem
            if problem:
                self._questions.withdraw()
            yield self._tell(finished)
        status = e.StepStatus.SKIPPED if problem else e.StepStatus.CANCELLED
        for step in waiting:
            yield self._tell(e.StepFinished(self._clock.now(), step.id, status))
        return problem

    def _ended(self, item: Finished[Outcome], elapsed_ms: int) -> e.StepFinished:
        now = self._clock.now()
        if isinstance(item.error, Stopped):
            return e.StepFinished(now, item.id, e.StepStatus.CANCELLED, elapsed_ms)
        if item.error is not None:
            problem = as_problem(item.error)
            return e.StepFinished(now, item.id, e.StepStatus.FAILED, elapsed_ms, problem.what, problem=problem)
        outcome = item.result or Outcome()
        status = e.StepStatus.UNCHANGED if outcome.unchanged else e.StepStatus.DONE
        return e.StepFinished(now, item.id, status, elapsed_ms, outcome.detail, outcome.facts, outcome.envelopes)

    def _backward(self, problem: Problem | None = None) -> Iterator[e.Event]:
        """Undo every step that began, the last first, and end the run."""
        self._taking_back = True
        self._questions.reopen()
        by_id = {step.id: step for step in self._plan.steps}
        begun = [by_id[step.id] for step in reversed(self._ledger.record.begun)]
        asked = "stopped by the operator" if self._stop.is_set() else "asked for by the operator"
        reason = asked if problem is None else problem.what
        yield self._tell(e.UndoStarted(self._clock.now(), reason, tuple(step.id for step in begun)))
        for step in begun:
            if self._halt_undo.is_set() or self._ledger.broken:
                break
            yield from self._undone(step)
        status = e.RunStatus.INCOMPLETE if self._ledger.record.begun else e.RunStatus.UNDONE
        stopped = self._stop.is_set() or self._halt_undo.is_set()
        yield self._tell(e.RunFinished(self._clock.now(), status, problem or self._ledger.broken, stopped=stopped))

    def _undone(self, step: Step) -> Iterator[e.Event]:
        yield self._tell(e.StepUndoing(self._clock.now(), step.id))
        began = self._clock.ticks()
        self._crew.start(step.id, partial(_undo, step, self._turn(step, self._halt_undo)))
        while not isinstance(item := self._crew.next(), Finished):
            yield item
        left = halted(step) if isinstance(item.error, Stopped) else None
        if item.error is not None and left is None:
            left = as_problem(item.error)
        elapsed_ms = round((self._clock.ticks() - began) * 1000)
        yield self._tell(e.StepUndone(self._clock.now(), step.id, elapsed_ms, left))

    def _turn(self, step: Step, stop: threading.Event) -> Turn:
        return Turn(
            source=e.Source.STEP,
            id=step.id,
            publish=self._crew.publish,
            clock=self._clock,
            stop=stop,
            ledger=self._ledger,
            ask=self._questions.ask,
        )

    def _publish(self, event: e.Event) -> None:
        self._crew.publish(self._tell(event))

    def _tell(self, event: e.Event) -> e.Event:
        self._ledger.tell(event)
        return event

    def _announced(self, event: e.Event) -> Problem | None:
        """Why ``event`` must not happen, if it cannot be recorded."""
        try:
            self._ledger.announce(event)
        except Problem as problem:
            return problem
        return None


def _undo(step: Step, turn: Turn) -> Outcome:
    step.undo(turn)
    return Outcome()
