"""The time, handed in so that tests and pictures can hold it still."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for records, monotonic seconds for durations."""

    def now(self) -> datetime:
        """The time in UTC."""
        ...

    def ticks(self) -> float:
        """Monotonic seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()
