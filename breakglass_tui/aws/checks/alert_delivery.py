"""Where an event rule sends its events, and whether that can reach a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

Target = Mapping[str, str]
"""A target as ListTargetsByRule returns it: Id, Arn, and RoleArn if EventBridge uses a role for it."""


class Reach(IntEnum):
    """How far a target is known to work, best first. Only WORKS is a proof."""

    WORKS = 0
    UNTESTED = 1
    UNREAD = 2
    BROKEN = 3


class Fix(Enum):
    """What repairs a gap."""

    CREATE = "create a topic, a subscription and a rule"
    CONFIRM = "confirm the subscription"
    MANAGED_KEY = "use no AWS managed key"
    KEY_POLICY = "let EventBridge use the key"
    KEY_STATE = "enable the key"
    TRY = "try it"
    READ = "allow the read"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a target is no proof. ``text`` is a clause to which the Regions are added, ``detail`` follows them.

    ``topic`` is the ARN of the topic to repair. ``next`` is the remedy if the fix is READ.
    """

    text: str
    fix: Fix
    topic: str = ""
    detail: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known about one target of a rule. Only a target that works has no gaps."""

    reach: Reach
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A rule that matches a sign-in, and the best of its targets."""

    rule: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class RegionAlert:
    """What a sign-in in one Region raises: the best rule for a successful and for a failed one, if there is any."""

    region: str
    success: Heard | None = None
    failure: Heard | None = None

    @property
    def works(self) -> bool:
        """Whether both outcomes reach a target that works."""
        both = (self.success, self.failure)
        return all(heard is not None and heard.delivery.reach is Reach.WORKS for heard in both)
