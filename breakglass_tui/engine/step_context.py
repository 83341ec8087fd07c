"""StepContext: the services of the engine for one step or check, such as events, waits and questions."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import Answer, Question, StoreSecret
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, RunClock
from breakglass_tui.engine.run_log import RunLog

Publish = Callable[[e.Event], None]
Lock = Callable[[str], AbstractContextManager[None]]
"""Holds the lock of a resource during a context. Raises ``Problem``, of kind BUSY if another holder has it."""
LOCK_WAIT_S = 180.0
LOCK_INTERVAL_S = 0.5


def no_lock(resource: str) -> AbstractContextManager[None]:  # noqa: ARG001 - as of Lock
    """Return a context without a lock, for a context that changes nothing in AWS."""
    return nullcontext()


class Stopped(Exception):  # noqa: N818 - not an error
    """Raised in a step or check to end it early. The operator stopped the run, or another step failed.

    No call is in flight then.
    """


class StepContext:
    """The connection of one step or check to its run: events, waits, questions, and facts about earlier requests.

    ``id`` is that of the step or check. ``calls`` are the finished calls, as evidence.
    """

    def __init__(
        self,
        *,
        source: e.CallSource,
        id: str,
        publish: Publish,
        clock: Clock,
        stop: threading.Event,
        run_log: RunLog | None = None,
        ask: Callable[[str, Question], Future[Answer]] | None = None,
        lock: Lock = no_lock,
    ) -> None:
        self.id = id
        self.clock = clock
        self.run_log = run_log or RunLog()
        self.calls: list[Call] = []
        self._source = source
        self._publish = publish
        self._stop = stop
        self._ask = ask
        self._lock = lock

    @property
    def stopping(self) -> bool:
        """Whether the operator stopped the run."""
        return self._stop.is_set()

    @property
    def facts(self) -> Mapping[str, str]:
        """The ids that AWS returned to this and other steps, by name."""
        return self.run_log.facts

    @property
    def resumed(self) -> bool:
        """Whether an earlier process started this step. AWS may then have resources that this process does not know."""
        return self.run_log.started_earlier(self.id)

    @property
    def can_ask(self) -> bool:
        """Whether this context can ask the operator. A check cannot."""
        return self._ask is not None

    def branch(self) -> StepContext:
        """Return a copy of the context with its own list of calls, for a read whose result several checks share."""
        branch = copy.copy(self)
        branch.calls = []
        return branch

    def wait(self, seconds: float) -> None:
        """Wait for ``seconds``. Raises ``Stopped`` as soon as the operator stops the run."""
        if self._stop.wait(seconds):
            raise Stopped

    @contextmanager
    def locked(self, resource: str) -> Iterator[None]:
        """Hold the lock of ``resource`` during the context, after a wait of up to ``LOCK_WAIT_S`` seconds for it.

        Raises ``Problem`` if another run on this machine still holds it then, and ``Stopped`` if the operator stops
        the run.
        """
        started_at, waited = self.clock.ticks(), False
        with ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(self._lock(resource))
                    break
                except Problem as problem:
                    if problem.kind is not Kind.BUSY or self.clock.ticks() - started_at >= LOCK_WAIT_S:
                        raise
                    if not waited:
                        self.note(f"waiting for another run that changes the {show(resource)}")
                        waited = True
                self.wait(LOCK_INTERVAL_S)
            yield

    def note(self, text: str) -> None:
        """Emit a note about the progress of this step. Does nothing for a check."""
        if self._source is e.CallSource.STEP:
            self._append_after(e.StepNoted(self.clock.now(), self.id, text))

    def ask(self, question: Question) -> Answer:
        """Ask the operator and wait for the answer. Raises ``Stopped`` if the run ends its steps before the answer."""
        if self._ask is None:
            raise RuntimeError("only a step of a run can ask")
        answer = self._ask(self.id, question).result()
        if isinstance(question, StoreSecret):
            self._append_after(r.SecretStored(self.clock.now(), self.id))
        return answer

    def call_started(self, operation: str, attempt: int) -> None:
        """Record a request before it is sent.

        Raises ``Problem`` if that is not possible: then do not send the request.
        """
        self._append_before(e.CallStarted(self.clock.now(), self._source, self.id, operation, attempt))

    def call_delayed(self, operation: str, reason: str, delay_s: float) -> None:
        """Record that AWS refused a call in a way that allows a retry, which follows after ``delay_s`` seconds."""
        self._append_after(e.CallDelayed(self.clock.now(), self._source, self.id, operation, reason, delay_s))

    def call_finished(self, call: Call) -> None:
        """Record that a call ended, and add it to ``calls``."""
        self.calls.append(call)
        self._append_after(e.CallFinished(self.clock.now(), self._source, self.id, call))
        if self._source is e.CallSource.STEP and isinstance(self.clock, RunClock):
            jump = self.clock.new_jump()
            if jump is not None:
                self.note(_clock_was_set(jump))

    def call_settled(self, operation: str, found: str) -> None:
        """Record that AWS applied a request whose answer was lost. ``found`` describes what a read of AWS showed."""
        self._append_after(r.CallSettled(self.clock.now(), self.id, operation, found))

    def fact_learned(self, name: str, value: str) -> None:
        """Record an id from AWS that cannot be read again later.

        ``name`` is the name of the fact, ``value`` is the id.
        """
        self._append_after(r.FactLearned(self.clock.now(), self.id, name, value))

    def unmanaged_found(self, thing: str) -> None:
        """Record that AWS has a resource that this run did not create. ``thing`` describes it."""
        self._append_after(r.UnmanagedFound(self.clock.now(), self.id, thing))

    def envelope_started(self, path: str) -> None:
        """Record an envelope before it is written.

        Raises ``Problem`` if that is not possible: then do not write the file.
        """
        self._append_before(r.EnvelopeStarted(self.clock.now(), self.id, path))

    def _append_before(self, event: e.Event) -> None:
        self.run_log.append_before(event)
        self._publish(event)

    def _append_after(self, event: e.Event) -> None:
        self.run_log.append_after(event)
        self._publish(event)


def _clock_was_set(by: timedelta) -> str:
    """Return the note that the clock of the machine was set ``by`` so much since the start of the run."""
    amount = str(timedelta(seconds=round(abs(by).total_seconds(), -1))).removesuffix(", 0:00:00")
    direction = "forward" if by > timedelta(0) else "back"
    return f"the clock of this machine was set {direction} by {amount}: the times of this run ignore that"
