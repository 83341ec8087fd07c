"""Turn: what a step or a check may do besides calling AWS."""

from __future__ import annotations

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
    """The operator asked to stop, and this work can end here without leaving a call in flight."""


class StepContext:
    """One step's or check's connection to the run: it tells, waits, asks and remembers through this."""

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
        """Whether the operator asked to stop."""
        return self._stop.is_set()

    @property
    def facts(self) -> Mapping[str, str]:
        """The ids that this and other steps have learned."""
        return self.run_log.facts

    @property
    def resumed(self) -> bool:
        """Whether an earlier process began this step: AWS may hold what nobody in this one has seen."""
        return self.run_log.started_earlier(self.id)

    @property
    def can_ask(self) -> bool:
        """Whether there is anybody to ask."""
        return self._ask is not None

    def wait(self, seconds: float) -> None:
        """Let time pass; raises ``Stopped`` at once when the operator asks to stop."""
        if self._stop.wait(seconds):
            raise Stopped

    def note(self, text: str) -> None:
        """One line on what this step is doing."""
        if self._source is e.CallSource.STEP:
            self._append_after(e.StepNoted(self.clock.now(), self.id, text))

    def ask(self, question: Question) -> Answer:
        """Wait for the operator's answer; raises ``Stopped`` when the run is stopped instead."""
        if self._ask is None:
            raise RuntimeError("only a step of a run can ask")
        answer = self._ask(self.id, question).result()
        if isinstance(question, StoreSecret):
            self._append_after(r.SecretStored(self.clock.now(), self.id))
        return answer

    def call_started(self, operation: str, attempt: int) -> None:
        """A request is about to leave; raises ``Problem`` when that cannot be recorded: then it must not be sent."""
        self._append_before(e.CallStarted(self.clock.now(), self._source, self.id, operation, attempt))

    def call_delayed(self, operation: str, reason: str, delay_s: float) -> None:
        """AWS said to try again later."""
        self._append_after(e.CallDelayed(self.clock.now(), self._source, self.id, operation, reason, delay_s))

    def call_finished(self, call: Call) -> None:
        """A call ended; it becomes part of the evidence."""
        self.calls.append(call)
        self._append_after(e.CallFinished(self.clock.now(), self._source, self.id, call))

    def call_settled(self, operation: str, found: str) -> None:
        """A look at AWS told what became of a request whose answer was lost."""
        self._append_after(r.CallSettled(self.clock.now(), self.id, operation, found))

    def fact_learned(self, name: str, value: str) -> None:
        """AWS gave an id that could not be learned again."""
        self._append_after(r.FactLearned(self.clock.now(), self.id, name, value))

    def unmanaged_found(self, thing: str) -> None:
        """Somebody else made ``thing``."""
        self._append_after(r.UnmanagedFound(self.clock.now(), self.id, thing))

    def envelope_started(self, path: str) -> None:
        """An envelope is about to be written; raises ``Problem`` when that cannot be recorded."""
        self._append_before(r.EnvelopeStarted(self.clock.now(), self.id, path))

    def _append_before(self, event: e.Event) -> None:
        self.run_log.append_before(event)
        self._publish(event)

    def _append_after(self, event: e.Event) -> None:
        self.run_log.append_after(event)
        self._publish(event)
