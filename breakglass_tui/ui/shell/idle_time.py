"""IdleTimer: calls a function after a long time without a key."""

from __future__ import annotations

from collections.abc import Callable

LONG_IDLE_S = 600
"""Seconds without a key, a paste or the mouse after which secrets are removed from the memory."""


class IdleTimer:
    """Calls ``act`` after ``LONG_IDLE_S`` seconds without input.

    ``ticks`` returns a monotonic time in seconds. The time in which ``in_use`` returns True does not count: the program
    works, or waits for an answer.
    """

    def __init__(self, ticks: Callable[[], float], in_use: Callable[[], bool], act: Callable[[], object]) -> None:
        self._ticks, self._in_use, self._act = ticks, in_use, act
        self._used_at = 0.0

    def restart(self) -> None:
        """Restart the idle time, because there was input."""
        self._used_at = self._ticks()

    def check(self) -> None:
        """Act if the idle time is over. Call it regularly."""
        if self._in_use():
            self.restart()
        elif self._ticks() - self._used_at >= LONG_IDLE_S:
            self.restart()
            self._act()
