"""A stop that signals request. Work ends before its next call, and no call is cut off."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SLICE_S = 0.1


class StopFlag(threading.Event):
    """An event that a signal handler can set at any moment.

    ``Event.set`` takes a lock, and the main thread can hold that lock when the signal arrives. This one takes none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._requested = False

    def set(self) -> None:
        """Request the stop."""
        self._requested = True

    def is_set(self) -> bool:
        """Return whether the stop was requested."""
        return self._requested

    def wait(self, timeout: float | None = None) -> bool:
        """Return whether the stop was requested within ``timeout`` seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._requested:
            left = SLICE_S if until is None else until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(left, SLICE_S))
        return self._requested


@contextmanager
def stop_on_signals() -> Iterator[StopFlag]:
    """Yield a flag that the usual signals set. They have no other effect meanwhile."""
    stop = StopFlag()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
