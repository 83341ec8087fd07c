"""The state of simulated trails, event rules and SNS topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ALL_MANAGEMENT_EVENTS: dict[str, Any] = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
"""The event selector of a new trail (CloudTrail API, EventSelector)."""


@dataclass
class SimulatedTrail:
    """A CloudTrail trail.

    ``everywhere`` means all Regions, with the events of global services. Without ``delivered``, the last log file is
    always a few minutes old. ``selectors`` are ``advanced`` or not, never both.
    """

    name: str
    home: str
    bucket: str
    everywhere: bool = True
    logging: bool = True
    delivered: datetime | None = None
    delivery_error: str = ""
    advanced: bool = False
    selectors: list[dict[str, Any]] = field(default_factory=lambda: [ALL_MANAGEMENT_EVENTS])


@dataclass
class SimulatedRule:
    """A rule of the default event bus, and its targets."""

    name: str
    pattern: str = ""
    state: str = "ENABLED"
    targets: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class SimulatedSubscription:
    """A subscription to an SNS topic. Its owner confirms it with ``token``, which SNS sends to the endpoint."""

    arn: str
    protocol: str
    endpoint: str
    token: str
    pending: bool = True
    authenticated: bool = False


@dataclass
class SimulatedTopic:
    """An SNS topic, its attributes that can be set, and its subscriptions."""

    arn: str
    attributes: dict[str, str]
    subscriptions: list[SimulatedSubscription] = field(default_factory=list)
