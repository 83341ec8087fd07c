"""What a look at AWS shows of one step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Observation(StrEnum):
    """Whether AWS holds now what the step makes."""

    THERE = "there"
    PARTLY = "partly there"
    ABSENT = "not there"
    UNMANAGED = "not created by this run"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ObservedState:
    """What was seen, and a few words on it for people."""

    seen: Observation
    text: str = ""
