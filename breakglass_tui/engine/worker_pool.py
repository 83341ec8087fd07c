"""WorkerPool: a few threads, and one queue of their events and results."""

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
"""For how many seconds at most a wait in ``next`` can delay a signal handler."""


@dataclass(frozen=True, slots=True)
class WorkFinished(Generic[R]):
    """One piece of work ended. ``error`` is the exception that it raised. Otherwise ``result`` is its result."""

    id: str
    result: R | None
    error: BaseException | None


class WorkerPool(Generic[R]):
    """Runs work in threads. After ``start``, call ``next`` until all started work has finished."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="breakglass")
        self._queue: queue.SimpleQueue[Event | WorkFinished[R]] = queue.SimpleQueue()

    def publish(self, event: Event) -> None:
        """Add ``event`` to the queue that ``next`` reads. Call it from any thread."""
        self._queue.put(event)

    def start(self, id: str, work: Callable[[], R]) -> None:
        """Start ``work`` in a thread. ``next`` returns its end as a ``WorkFinished`` with the same id."""
        self._pool.submit(self._work, id, work)

    def next(self) -> Event | WorkFinished[R]:
        """Wait for the next event or the next end of work, and return it."""
        # Python runs signal handlers between two instructions of the main thread. A signal that reached another thread,
        # or that came just before the wait started, does not end the wait. So the wait ends after a short time-out.
        while True:
            with contextlib.suppress(queue.Empty):
                return self._queue.get(timeout=SIGNAL_LATENCY_S)

    def _work(self, id: str, work: Callable[[], R]) -> None:
        try:
            self._queue.put(WorkFinished(id, work(), None))
        except BaseException as error:  # noqa: BLE001 - the owner of the pool handles it
            self._queue.put(WorkFinished(id, None, error))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True)
