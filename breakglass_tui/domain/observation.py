"""The state in AWS of the resource that a step creates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Observation(StrEnum):
    """Whether AWS has the step's resource now. The command ``breakglass-tui runs`` shows the values."""

    THERE = "there"
    PARTLY = "partly there"
    ABSENT = "not there"
    UNMANAGED = "not created by this run"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ObservedState:
    """An observation. ``text`` explains it to people, and can be empty."""

    observation: Observation
    text: str = ""

    @property
    def summary(self) -> str:
        """The observation and its explanation, such as ``not there: the user was deleted``."""
        return f"{self.observation.value}: {self.text}" if self.text else self.observation.value
