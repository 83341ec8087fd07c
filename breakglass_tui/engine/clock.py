"""The clock. It is a parameter, so that tests and screenshots can use a fixed time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Returns the wall time for records, and monotonic seconds for durations."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        ...

    def ticks(self) -> float:
        """Return seconds of a monotonic clock. Only the difference of two values has a meaning."""
        ...


JUMP_S = 60.0
"""A difference, in seconds, between the time of day and the time that passed, from which on the clock was set."""
_ELAPSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The id of the clock for ``SystemClock.ticks`` (clock_gettime(2) of Linux, clock_gettime(3) of macOS)."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Return seconds of a clock that no one sets, and that runs while the machine sleeps."""
        return time.clock_gettime(_ELAPSED)


class RunClock(SystemClock):
    """The clock of one run. Its time of day is the one at its start plus the time that passed since then.

    So times never decrease in the journal, and the difference to the clock of AWS stays what the preflight check found,
    if the clock of the machine is set while the run lasts. Safe to use from any thread.
    """

    def __init__(self) -> None:
        self._start, self._started_at = self.ticks(), super().now()
        self._guard, self._jumped = threading.Lock(), False

    def now(self) -> datetime:
        """Return the current time in UTC, as if no one had set the clock since the start."""
        return self._started_at + timedelta(seconds=self.ticks() - self._start)

    def new_jump(self) -> timedelta | None:
        """Return by how much the clock of the machine was set since the start, once. Otherwise return None."""
        by = super().now() - self.now()
        with self._guard:
            if self._jumped or abs(by) < timedelta(seconds=JUMP_S):
                return None
            self._jumped = True
            return by


def run_clock(clock: Clock | None) -> Clock:
    """Return the clock for a run of a front end whose clock is ``clock``. A clock of a test is used unchanged."""
    return RunClock() if clock is None or type(clock) is SystemClock else clock
