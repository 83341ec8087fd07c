"""Run: runs the steps of a plan and yields events. If a step fails, it removes the resources that the run created."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Literal, Protocol

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.observation import Observation
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import Answer
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.clock import Clock, run_clock
from breakglass_tui.engine.halt_reasons import changed, envelope_lost, undo_stopped
from breakglass_tui.engine.observer import observe
from breakglass_tui.engine.pending_questions import PendingQuestions
from breakglass_tui.engine.plan import Check, Plan, Step, StepOutcome
from breakglass_tui.engine.run_log import RunLog
from breakglass_tui.engine.step_context import Lock, StepContext, Stopped, no_lock
from breakglass_tui.engine.unexpected_errors import as_problem
from breakglass_tui.engine.worker_pool import WorkerPool, WorkFinished
from breakglass_tui.secrets.envelope_files import intact

AfterStop = Literal["undo", "keep"]


class EventSink(Protocol):
    """Stores events durably. A ``Journal`` is one."""

    def write(self, event: e.Event) -> None:
        """Store ``event``. Raises ``Problem`` if it cannot be stored."""
        ...


OpenJournal = Callable[[], AbstractContextManager[EventSink]]
"""A context manager that locks the user and opens the journal of the run. Raises ``Problem``."""


class Run:
    """One run of one plan, with the clock ``clock``. Consume ``events`` once. Call all methods from any thread.

    ``earlier`` is the record of the same run so far, or None for a new run. ``purpose`` is what this process does with
    it, and ``same_process`` is whether it wrote to it before. ``lock`` locks resources that several runs change.
    """

    def __init__(
        self,
        plan: Plan,
        header: RunHeader,
        *,
        open_journal: OpenJournal,
        preflight: Sequence[Check] = (),
        earlier: RunRecord | None = None,
        purpose: e.Purpose = "resume",
        same_process: bool = False,
        clock: Clock | None = None,
        lock: Lock = no_lock,
    ) -> None:
        self._plan, self._header = plan, header
        self._open_journal = open_journal
        self.clock = run_clock(clock)
        self._lock = lock
        self._preflight = CheckRunner(preflight, self.clock)
        self._earlier = earlier
        self._purpose, self._same_process = purpose, same_process
        self._run_log = RunLog(copy.deepcopy(earlier))
        self._workers: WorkerPool[StepOutcome] = WorkerPool()
        self._questions = PendingQuestions(self._publish, self.clock)
        self._stop = threading.Event()
        self._halt_undo = threading.Event()
        self._rolling_back = False
        self._keep_earlier = False
        self._after: AfterStop = "undo"

    def answer(self, number: int, answer: Answer) -> bool:
        """Answer the question with this number from an ``Asked`` event. Return False if it is no longer open."""
        return self._questions.answer(number, answer)

    def stop(self, after: AfterStop) -> None:
        """Start no further step and let the calls in flight finish. Then undo or keep the resources created so far.

        A running undo continues after ``stop("undo")``. Only ``stop("keep")`` ends it, and a later process then removes
        the rest.
        """
        if self._rolling_back and after == "undo":
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
        """Yield the events of the run as they happen. The last event is ``RunFinished``.

        If the consumer closes the iterator early, the run stops and keeps its resources.
        """
        # The workers end before the journal closes: their threads can still append events.
        with ExitStack() as stack, self._workers:
            first = self._first_event()
            try:
                journal = stack.enter_context(self._open_journal())
                self._run_log.persist_with(journal.write)
                self._run_log.append_before(first)
            except Problem as problem:
                yield first
                yield e.RunFinished(self.clock.now(), self._status(problem), problem)
                return
            yield first
            try:
                yield from self._roll_back() if self._is_undo_only() else self._run_forward()
            finally:
                # The consumer may have stopped reading. Work in flight then ends at its next wait.
                self.stop("keep")

    def _first_event(self) -> e.Event:
        if self._earlier is not None:
            return e.RunResumed(self.clock.now(), self._purpose, self._same_process)
        briefs = tuple(e.StepBrief(step.id, step.title) for step in self._plan.in_order)
        return e.RunStarted(self.clock.now(), self._header, briefs)

    def _is_undo_only(self) -> bool:
        return self._earlier is not None and (self._purpose == "undo" or self._run_log.record.undoing)

    def _run_forward(self) -> Iterator[e.Event]:
        problem = yield from self._run_preflight()
        if problem is None and self._earlier is not None:
            problem = yield from self._verify_earlier_steps()
        # If this process cannot start, the resources of earlier processes are not rolled back.
        self._keep_earlier = problem is not None
        problem = yield from self._run_steps(problem)
        stopped = self._stop.is_set()
        problem = problem or self._run_log.broken
        if self._keeps_resources(problem):
            yield self._append_after(e.RunFinished(self.clock.now(), self._status(problem), problem, stopped=stopped))
        else:
            yield from self._roll_back(problem)

    def _keeps_resources(self, problem: Problem | None) -> bool:
        """Return whether the resources stay in AWS. ``problem`` is why the steps failed, or None.

        They stay if all steps are done, if the operator keeps them, or if this process failed before its first step.
        They also stay if this process cannot remove them: it has no valid credentials, or it cannot write the journal.
        """
        if self._stop.is_set():
            return self._after == "keep" or self._run_log.broken is not None
        no_credentials = problem is not None and problem.kind is Kind.CREDENTIALS
        return problem is None or self._keep_earlier or no_credentials or self._run_log.broken is not None

    def _status(self, problem: Problem | None) -> e.RunStatus:
        record = self._run_log.record
        if problem is None and record.steps and all(step.is_done for step in record.steps.values()):
            return e.RunStatus.DONE
        return e.RunStatus.INCOMPLETE if record.may_exist else e.RunStatus.UNDONE

    def _run_preflight(self) -> Generator[e.Event, None, Problem | None]:
        """Run the preflight checks before the first write.

        Return the problem of the first check that failed, or None.
        """
        problem: Problem | None = None
        for event in self._preflight.events():
            if isinstance(event, e.CheckFinished):
                result = event.result
                yield self._append_after(e.PreflightFinished(event.at, result))
                if result.status is CheckStatus.FAIL and problem is None:
                    what = f"A preflight check failed: {result.found}"
                    problem = Problem(what, why=result.why, next=result.remedy, kind=Kind.REFUSED, code=result.id)
        return problem

    def _verify_earlier_steps(self) -> Generator[e.Event, None, Problem | None]:
        """Verify that AWS has the resources of done steps as earlier processes left them.

        Return the first problem, or None.
        """
        done = [step for step in self._plan.steps if self._run_log.record.steps[step.id].is_done]
        problem: Problem | None = None
        for step, observed in observe(done, self._run_log.record, self.clock, retry_absent=True, stop=self._stop):
            yield self._append_after(e.StepNoted(self.clock.now(), step.id, f"AWS now: {observed.summary}"))
            if observed.observation is not Observation.THERE and problem is None and not self._stop.is_set():
                problem = changed(step, observed.summary)
        lost = [envelope.path for envelope in self._run_log.record.envelopes if not intact(envelope)]
        return problem or (envelope_lost(lost[0]) if lost else None)

    def _run_steps(self, problem: Problem | None) -> Generator[e.Event, None, Problem | None]:
        """Run every step whose needs are met, in parallel. Return the first problem, or None.

        With ``problem``, start no step.
        """
        record = self._run_log.record
        waiting = [step for step in self._plan.steps if not record.steps[step.id].is_done]
        running: dict[str, float] = {}
        while True:
            ready = [step for step in waiting if all(record.steps[need].is_done for need in step.needs)]
            for step in ready if not self._stop.is_set() else ():
                problem = problem or self._append_or_problem(started := e.StepStarted(self.clock.now(), step.id))
                if problem is not None:
                    break
                waiting.remove(step)
                running[step.id] = self.clock.ticks()
                yield started
                self._workers.start(step.id, partial(step.apply, self._context(step, self._stop)))
            if not running:
                break
            item = self._workers.next()
            if not isinstance(item, WorkFinished):
                yield item
                continue
            finished = self._step_finished(item, round((self.clock.ticks() - running.pop(item.id)) * 1000))
            problem = problem or finished.problem
            if problem:
                self._questions.withdraw()
            yield self._append_after(finished)
        status = e.StepStatus.SKIPPED if problem else e.StepStatus.CANCELLED
        for step in waiting:
            yield self._append_after(e.StepFinished(self.clock.now(), step.id, status))
        return problem

    def _step_finished(self, item: WorkFinished[StepOutcome], elapsed_ms: int) -> e.StepFinished:
        now = self.clock.now()
        if isinstance(item.error, Stopped):
            return e.StepFinished(now, item.id, e.StepStatus.CANCELLED, elapsed_ms)
        if item.error is not None:
            problem = as_problem(item.error)
            return e.StepFinished(now, item.id, e.StepStatus.FAILED, elapsed_ms, problem.what, problem=problem)
        outcome = item.result or StepOutcome()
        status = e.StepStatus.UNCHANGED if outcome.unchanged else e.StepStatus.DONE
        return e.StepFinished(now, item.id, status, elapsed_ms, outcome.detail, outcome.facts, outcome.envelopes)

    def _roll_back(self, problem: Problem | None = None) -> Iterator[e.Event]:
        """Undo every step that started, in reverse order, and end the run."""
        self._rolling_back = True
        self._questions.reopen()
        by_id = {step.id: step for step in self._plan.steps}
        may_exist = [by_id[step.id] for step in reversed(self._run_log.record.may_exist)]
        requested = "stopped by the operator" if self._stop.is_set() else "requested by the operator"
        reason = requested if problem is None else problem.what
        yield self._append_after(e.UndoStarted(self.clock.now(), reason, tuple(step.id for step in may_exist)))
        for step in may_exist:
            if self._halt_undo.is_set() or self._run_log.broken:
                break
            yield from self._undo_step(step)
        status = e.RunStatus.INCOMPLETE if self._run_log.record.may_exist else e.RunStatus.UNDONE
        stopped = self._stop.is_set() or self._halt_undo.is_set()
        problem = problem or self._run_log.broken
        yield self._append_after(e.RunFinished(self.clock.now(), status, problem, stopped=stopped))

    def _undo_step(self, step: Step) -> Iterator[e.Event]:
        yield self._append_after(e.StepUndoing(self.clock.now(), step.id))
        started = self.clock.ticks()
        self._workers.start(step.id, partial(_undo, step, self._context(step, self._halt_undo)))
        while not isinstance(item := self._workers.next(), WorkFinished):
            yield item
        left = undo_stopped(step) if isinstance(item.error, Stopped) else None
        if item.error is not None and left is None:
            left = as_problem(item.error)
        elapsed_ms = round((self.clock.ticks() - started) * 1000)
        yield self._append_after(e.StepUndone(self.clock.now(), step.id, elapsed_ms, left))

    def _context(self, step: Step, stop: threading.Event) -> StepContext:
        return StepContext(
            source=e.CallSource.STEP,
            id=step.id,
            publish=self._workers.publish,
            clock=self.clock,
            stop=stop,
            run_log=self._run_log,
            ask=self._questions.ask,
            lock=self._lock,
        )

    def _publish(self, event: e.Event) -> None:
        self._workers.publish(self._append_after(event))

    def _append_after(self, event: e.Event) -> e.Event:
        self._run_log.append_after(event)
        return event

    def _append_or_problem(self, event: e.Event) -> Problem | None:
        """Append ``event`` before it happens. Return the problem if it cannot be recorded: then it must not happen."""
        try:
            self._run_log.append_before(event)
        except Problem as problem:
            return problem
        return None


def _undo(step: Step, context: StepContext) -> StepOutcome:
    step.undo(context)
    return StepOutcome()
