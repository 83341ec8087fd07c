"""Crew: a few threads that work side by side and one queue that tells, in order, what they did."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from breakglass_tui.domain.events import Event

R = TypeVar("R")
WORKERS = 8
SIGNAL_LATENCY_S = 0.25
"""How long a signal may go unheard that did not interrupt the wait itself."""


@dataclass(frozen=True, slots=True)
class WorkFinished(Generic[R]):
    """One piece of work came back with a result or raised."""

    id: str
    result: R | None
    error: BaseException | None


class WorkerPool(Generic[R]):
    """Runs work in threads. Whoever owns the crew reads ``next`` until everything it started is finished."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="breakglass")
        self._queue: queue.SimpleQueue[Event | WorkFinished[R]] = queue.SimpleQueue()

    def publish(self, event: Event) -> None:
        """Put an event into the stream, from any thread."""
        self._queue.put(event)

    def start(self, id: str, work: Callable[[], R]) -> None:
        """Begin ``work``; its end arrives through ``next`` as ``WorkFinished`` with the same id."""
        self._pool.submit(self._work, id, work)

    def next(self) -> Event | WorkFinished[R]:
        """The next event or end of work; waits for one."""
        # Python runs signal handlers between two instructions of the main thread. A signal that another thread was
        # given, or that came just before the wait began, does not end the wait: only waking up now and then does.
        while True:
            with contextlib.suppress(queue.Empty):
                return self._queue.get(timeout=SIGNAL_LATENCY_S)

    def _work(self, id: str, work: Callable[[], R]) -> None:
        try:
            self._queue.put(WorkFinished(id, work(), None))
        except BaseException as error:  # noqa: BLE001 - whoever owns the crew decides what it means
            self._queue.put(WorkFinished(id, None, error))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)
