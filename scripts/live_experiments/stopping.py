"""StopFlag: a request to stop, set by signals. Work ends before its next call, and no call is interrupted."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SLICE_S = 0.1


class StopFlag(threading.Event):
    """An event that a signal handler can set at any time.

    ``Event.set`` takes a lock. If the main thread holds it when the signal arrives, the handler would wait for ever.
    This class takes no lock.
    """

    def __init__(self) -> None:
        super().__init__()
        self._requested = False

    def set(self) -> None:
        """Request to stop."""
        self._requested = True

    def is_set(self) -> bool:
        """Return whether a stop was requested."""
        return self._requested

    def wait(self, timeout: float | None = None) -> bool:
        """Wait at most ``timeout`` seconds for a request to stop. Return whether there is one."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._requested:
            left = SLICE_S if until is None else until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(left, SLICE_S))
        return self._requested


@contextmanager
def stop_on_signals() -> Iterator[StopFlag]:
    """Yield a ``StopFlag`` that SIGINT, SIGTERM and SIGHUP set.

    While the context is open, they have no other effect.
    """
    stop = StopFlag()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
