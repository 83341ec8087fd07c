"""The clock, as a parameter, so that tests and screenshots can use a fixed time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for records, monotonic seconds for durations."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        ...

    def ticks(self) -> float:
        """Return monotonic seconds."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()
