"""The questions that running steps asked the operator and that have no answer yet."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future

from breakglass_tui.domain import events as e
from breakglass_tui.domain.questions import Answer, Question
from breakglass_tui.engine.clock import Clock
from breakglass_tui.engine.step_context import Publish, Stopped


class PendingQuestions:
    """The open questions of a run, by number. ``withdraw`` stops all steps that wait for an answer."""

    def __init__(self, publish: Publish, clock: Clock) -> None:
        self._publish = publish
        self._clock = clock
        self._open: dict[int, tuple[str, Future[Answer]]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, step: str, question: Question) -> Future[Answer]:
        """Publish a question of ``step``. The result of the future is the answer, or the exception ``Stopped``."""
        future: Future[Answer] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(Stopped())
                return future
            number = next(self._numbers)
            self._open[number] = (step, future)
        self._publish(e.Asked(self._clock.now(), step, number, question))
        return future

    def answer(self, number: int, answer: Answer) -> bool:
        """Give ``answer`` to the step that asked question ``number``.

        Return False if the question is no longer open.
        """
        with self._lock:
            step, future = self._open.pop(number, ("", None))
        if future is None:
            return False
        try:
            self._publish(e.Answered(self._clock.now(), step, number))
        except BaseException:
            # The question is no longer registered. Without this, its step and the run would wait for ever.
            future.set_exception(Stopped())
            raise
        future.set_result(answer)
        return True

    def reopen(self) -> None:
        """Allow questions again after ``withdraw``. The undo can ask questions too."""
        with self._lock:
            self._closed = False

    def withdraw(self) -> None:
        """End all open questions with ``Stopped``. Later questions end in the same way until ``reopen``."""
        with self._lock:
            self._closed = True
            waiting, self._open = self._open, {}
        for _, future in waiting.values():
            future.set_exception(Stopped())
