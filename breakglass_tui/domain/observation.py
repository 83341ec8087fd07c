"""The state in AWS of one step's resource."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Observation(StrEnum):
    """Whether AWS has the resource of the step now. The values are shown in ``runs``."""

    THERE = "there"
    PARTLY = "partly there"
    ABSENT = "not there"
    UNMANAGED = "not created by this run"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ObservedState:
    """The observation, and a short explanation for people."""

    observation: Observation
    text: str = ""

    @property
    def summary(self) -> str:
        """The observation and its explanation, such as ``not there: the user was deleted``."""
        return f"{self.observation.value}: {self.text}" if self.text else self.observation.value
