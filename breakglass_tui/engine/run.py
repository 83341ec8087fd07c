"""Run: carries out a plan, tells events, and takes back what it made when it cannot be finished."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from typing import Literal

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import Answer
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.crew import Crew, Finished
from breakglass_tui.engine.inspection import Inspection
from breakglass_tui.engine.plan import Check, Outcome, Plan, Step
from breakglass_tui.engine.questions import Questions
from breakglass_tui.engine.turn import Stopped, Turn
from breakglass_tui.engine.unexpected import as_problem

After = Literal["undo", "keep"]


class Run:
    """One run of one plan. ``events`` is consumed once, in any thread; the other methods may come from others."""

    def __init__(
        self, plan: Plan, header: e.RunHeader, *, preflight: Sequence[Check] = (), clock: Clock | None = None
    ) -> None:
        self._plan = plan
        self._header = header
        self._clock = clock or SystemClock()
        self._preflight = Inspection(preflight, self._clock)
        self._crew: Crew[Outcome] = Crew()
        self._questions = Questions(self._crew.publish, self._clock)
        self._stop = threading.Event()
        self._after: After = "undo"
        self._facts: dict[str, str] = {}
        self._begun: list[Step] = []
        self._done: set[str] = set()

    def answer(self, number: int, answer: Answer) -> bool:
        """Answer an ``Asked`` event; False if the question is no longer open."""
        return self._questions.answer(number, answer)

    def stop(self, after: After) -> None:
        """Start no further step, let the calls in flight end, then undo what was made or keep it."""
        self._after = after
        self._stop.set()
        self._preflight.stop()
        self._questions.withdraw()

    def events(self) -> Iterator[e.Event]:
        """Everything that happens, as it happens; the last event is ``RunFinished``."""
        briefs = tuple(e.StepBrief(step.id, step.title) for step in self._plan.steps)
        with self._crew:
            yield e.RunStarted(self._clock.now(), self._header, briefs)
            try:
                problem = yield from self._checked()
                problem = yield from self._forward(problem)
                yield from self._ending(problem)
            finally:
                self._questions.withdraw()

    def _ending(self, problem: Problem | None) -> Iterator[e.Event]:
        stopped = self._stop.is_set()
        if problem is None and (not stopped or self._after == "keep"):
            yield e.RunFinished(self._clock.now(), self._kept(), stopped=stopped)
        else:
            clean = yield from self._backward("stopped by the operator" if problem is None else problem.what)
            status = e.RunStatus.UNDONE if clean else e.RunStatus.INCOMPLETE
            yield e.RunFinished(self._clock.now(), status, problem, stopped=stopped)

    def _kept(self) -> e.RunStatus:
        if len(self._done) == len(self._plan.steps):
            return e.RunStatus.DONE
        return e.RunStatus.INCOMPLETE if self._begun else e.RunStatus.UNDONE

    def _checked(self) -> Generator[e.Event, None, Problem | None]:
        """Look once more before the first write; returns the first reason not to begin."""
        problem: Problem | None = None
        for event in self._preflight.events():
            if isinstance(event, e.CheckFinished):
                result = event.result
                yield e.PreflightFinished(event.at, result)
                if result.status is CheckStatus.FAIL and problem is None:
                    what = f"Nothing was written: {result.found}"
                    problem = Problem(what, next=result.remedy, kind=Kind.REFUSED, code=result.id)
        return problem

    def _forward(self, problem: Problem | None) -> Generator[e.Event, None, Problem | None]:
        """Run every step whose needs are met, side by side; returns the first problem."""
        waiting, running = list(self._plan.steps), dict[str, float]()
        while True:
            if problem is None and not self._stop.is_set():
                for step in [step for step in waiting if step.needs <= self._done]:
                    waiting.remove(step)
                    self._begun.append(step)
                    running[step.id] = self._clock.ticks()
                    yield e.StepStarted(self._clock.now(), step.id)
                    self._crew.start(step.id, self._applying(step))
            if not running:
                break
            item = self._crew.next()
            if not isinstance(item, Finished):
                yield item
                continue
            elapsed_ms = round((self._clock.ticks() - running.pop(item.id)) * 1000)
            finished = self._ended(item, elapsed_ms)
            problem = problem or finished.problem
            if problem:
                self._questions.withdraw()
            if finished.status in (e.StepStatus.DONE, e.StepStatus.UNCHANGED):
                self._done.add(item.id)
                self._facts.update(finished.facts)
            yield finished
        status = e.StepStatus.SKIPPED if problem else e.StepStatus.CANCELLED
        for step in waiting:
            yield e.StepFinished(self._clock.now(), step.id, status)
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

    def _backward(self, reason: str) -> Generator[e.Event, None, bool]:
        """Undo every step that began, the last first; returns whether nothing is left."""
        begun = self._begun[::-1]
        yield e.UndoStarted(self._clock.now(), reason, tuple(step.id for step in begun))
        clean = True
        for step in begun:
            yield e.StepUndoing(self._clock.now(), step.id)
            began = self._clock.ticks()
            self._crew.start(step.id, self._undoing(step))
            item = self._crew.next()
            while not isinstance(item, Finished):
                yield item
                item = self._crew.next()
            left = as_problem(item.error) if item.error else None
            clean = clean and left is None
            elapsed_ms = round((self._clock.ticks() - began) * 1000)
            yield e.StepUndone(self._clock.now(), step.id, elapsed_ms, left)
        return clean

    def _applying(self, step: Step) -> _Work:
        return _Work(step, self._turn(step, self._stop), forward=True)

    def _undoing(self, step: Step) -> _Work:
        return _Work(step, self._turn(step, threading.Event()), forward=False)

    def _turn(self, step: Step, stop: threading.Event) -> Turn:
        return Turn(
            source=e.Source.STEP,
            id=step.id,
            publish=self._crew.publish,
            clock=self._clock,
            stop=stop,
            facts=dict(self._facts),
            ask=self._questions.ask,
        )


class _Work:
    def __init__(self, step: Step, turn: Turn, *, forward: bool) -> None:
        self._step, self._turn, self._forward = step, turn, forward

    def __call__(self) -> Outcome:
        if self._forward:
            return self._step.apply(self._turn)
        self._step.undo(self._turn)
        return Outcome()
