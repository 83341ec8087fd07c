"""The clock. It is a parameter, so that tests and screenshots can use a fixed time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the wall time for records, and monotonic seconds for durations."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        ...

    def ticks(self) -> float:
        """Return seconds of a monotonic clock. Only the difference of two values has a meaning."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Return seconds of a monotonic clock. Only the difference of two values has a meaning."""
        return time.monotonic()
