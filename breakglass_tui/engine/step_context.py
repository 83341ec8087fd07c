"""StepContext: what a step or a check can do apart from calls to AWS."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.questions import Answer, Question, StoreSecret
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.run_log import RunLog

Publish = Callable[[e.Event], None]


class Stopped(Exception):  # noqa: N818 - not an error
    """The operator stopped the run, and this work ends here, with no call in flight."""


class StepContext:
    """The connection of one step or check to its run: for events, waits, questions, and facts of earlier requests."""

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
    ) -> None:
        self.id = id
        self.clock = clock
        self.run_log = run_log or RunLog()
        self.calls: list[Call] = []
        self._source = source
        self._publish = publish
        self._stop = stop
        self._ask = ask

    @property
    def stopping(self) -> bool:
        """Whether the operator stopped the run."""
        return self._stop.is_set()

    @property
    def facts(self) -> Mapping[str, str]:
        """The ids that AWS returned to this and other steps."""
        return self.run_log.facts

    @property
    def resumed(self) -> bool:
        """Whether an earlier process started this step. AWS may then have resources unknown to this process."""
        return self.run_log.started_earlier(self.id)

    @property
    def can_ask(self) -> bool:
        """Whether questions to the operator are possible."""
        return self._ask is not None

    def branch(self) -> StepContext:
        """Return a context for a read that several checks share: it has its own list of calls."""
        branch = copy.copy(self)
        branch.calls = []
        return branch

    def wait(self, seconds: float) -> None:
        """Wait. Raises ``Stopped`` at once when the operator stops the run."""
        if self._stop.wait(seconds):
            raise Stopped

    def note(self, text: str) -> None:
        """Emit a note about the progress of this step."""
        if self._source is e.CallSource.STEP:
            self._append_after(e.StepNoted(self.clock.now(), self.id, text))

    def ask(self, question: Question) -> Answer:
        """Ask the operator and wait for the answer. Raises ``Stopped`` if the run is stopped instead."""
        if self._ask is None:
            raise RuntimeError("only a step of a run can ask")
        answer = self._ask(self.id, question).result()
        if isinstance(question, StoreSecret):
            self._append_after(r.SecretStored(self.clock.now(), self.id))
        return answer

    def call_started(self, operation: str, attempt: int) -> None:
        """Record a request before it is sent. Raises ``Problem`` if it cannot be recorded: then it must not be sent."""
        self._append_before(e.CallStarted(self.clock.now(), self._source, self.id, operation, attempt))

    def call_delayed(self, operation: str, reason: str, delay_s: float) -> None:
        """Record that AWS refused a call in a way that allows a retry."""
        self._append_after(e.CallDelayed(self.clock.now(), self._source, self.id, operation, reason, delay_s))

    def call_finished(self, call: Call) -> None:
        """Record that a call ended, and add it to the evidence."""
        self.calls.append(call)
        self._append_after(e.CallFinished(self.clock.now(), self._source, self.id, call))

    def call_settled(self, operation: str, found: str) -> None:
        """Record the result of a request whose answer was lost, found by reading AWS."""
        self._append_after(r.CallSettled(self.clock.now(), self.id, operation, found))

    def fact_learned(self, name: str, value: str) -> None:
        """Record an id from AWS that cannot be read again later."""
        self._append_after(r.FactLearned(self.clock.now(), self.id, name, value))

    def unmanaged_found(self, thing: str) -> None:
        """Record that ``thing`` exists and was not created by this run."""
        self._append_after(r.UnmanagedFound(self.clock.now(), self.id, thing))

    def envelope_started(self, path: str) -> None:
        """Record an envelope before it is written. Raises ``Problem`` if that cannot be recorded."""
        self._append_before(r.EnvelopeStarted(self.clock.now(), self.id, path))

    def _append_before(self, event: e.Event) -> None:
        self.run_log.append_before(event)
        self._publish(event)

    def _append_after(self, event: e.Event) -> None:
        self.run_log.append_after(event)
        self._publish(event)
