"""Data classes for where an EventBridge rule sends its events, and whether they can reach a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

SERVICE = "events.amazonaws.com"
"""The service principal of EventBridge."""
Target = Mapping[str, str]
"""A target as ListTargetsByRule returns it: ``Id``, ``Arn``, and ``RoleArn`` if EventBridge uses a role for it."""


class Reach(IntEnum):
    """Whether a target of a rule delivers, best first. Only WORKS counts as an alert."""

    WORKS = 0
    UNTESTED = 1
    UNREAD = 2
    BROKEN = 3


class Fix(Enum):
    """The kinds of repair for a ``Gap``."""

    CREATE = "create a topic, a subscription and a rule"
    CONFIRM = "confirm the subscription"
    MANAGED_KEY = "use no AWS managed key"
    KEY_POLICY = "let EventBridge use the key"
    KEY_STATE = "enable the key"
    TRY = "try it"
    READ = "allow the read"


@dataclass(frozen=True, slots=True)
class Gap:
    """One reason why a sign-in raises no alert, or why its delivery is not known to work.

    ``text`` is a clause, after which the Regions are shown. ``detail`` follows the Regions. ``topic`` is the ARN of the
    topic to repair. ``next`` is the remedy if ``fix`` is READ.
    """

    text: str
    fix: Fix
    topic: str = ""
    detail: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known about one target of a rule. ``gaps`` is empty only if the target works."""

    reach: Reach
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A rule that matches a sign-in, and the delivery of its best target."""

    rule: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class RegionAlert:
    """The alerts of one Region: the best rule for successful and for failed sign-ins, or None if no rule matches."""

    region: str
    success: Heard | None = None
    failure: Heard | None = None

    @property
    def works(self) -> bool:
        """Whether successful and failed sign-ins both reach a target that works."""
        both = (self.success, self.failure)
        return all(heard is not None and heard.delivery.reach is Reach.WORKS for heard in both)
