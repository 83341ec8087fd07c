"""Turn: what a step or a check may do besides calling AWS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.questions import Answer, Question
from breakglass_tui.engine.clock import Clock

Publish = Callable[[e.Event], None]


class Stopped(Exception):  # noqa: N818 - not an error
    """The operator asked to stop, and this work can end here without leaving a call in flight."""


class Turn:
    """One step's or check's connection to the run: it tells, waits and asks through this."""

    def __init__(
        self,
        *,
        source: e.Source,
        id: str,
        publish: Publish,
        clock: Clock,
        stop: threading.Event,
        facts: Mapping[str, str] | None = None,
        ask: Callable[[str, Question], Future[Answer]] | None = None,
    ) -> None:
        self.id = id
        self.clock = clock
        self.facts: Mapping[str, str] = facts or {}
        self.calls: list[Call] = []
        self._source = source
        self._publish = publish
        self._stop = stop
        self._ask = ask

    @property
    def stopping(self) -> bool:
        """Whether the operator asked to stop."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Let time pass; raises ``Stopped`` at once when the operator asks to stop."""
        if self._stop.wait(seconds):
            raise Stopped

    def note(self, text: str) -> None:
        """One line on what this step is doing."""
        if self._source is e.Source.STEP:
            self._publish(e.StepNoted(self.clock.now(), self.id, text))

    def ask(self, question: Question) -> Answer:
        """Wait for the operator's answer; raises ``Stopped`` when the run is stopped instead."""
        if self._ask is None:
            raise RuntimeError("only a step of a run can ask")
        return self._ask(self.id, question).result()

    def call_started(self, operation: str, attempt: int) -> None:
        """A request is about to leave."""
        self._publish(e.CallStarted(self.clock.now(), self._source, self.id, operation, attempt))

    def call_delayed(self, operation: str, reason: str, delay_s: float) -> None:
        """AWS said to try again later."""
        self._publish(e.CallDelayed(self.clock.now(), self._source, self.id, operation, reason, delay_s))

    def call_finished(self, call: Call) -> None:
        """A call ended; it becomes part of the evidence."""
        self.calls.append(call)
        self._publish(e.CallFinished(self.clock.now(), self._source, self.id, call))
