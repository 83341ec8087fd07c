"""The state of trails, event rules and SNS topics in the simulated account."""

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
    """A CloudTrail trail. ``home`` is its home Region.

    ``everywhere`` means that it covers every Region and the events of global services. If ``delivered`` is None, the
    last log file is always some minutes old. ``selectors`` are advanced event selectors if ``advanced`` is True, else
    basic.
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
    """A rule of the default event bus. ``targets`` has its targets by id."""

    name: str
    pattern: str = ""
    state: str = "ENABLED"
    targets: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class SimulatedSubscription:
    """A subscription to an SNS topic. SNS sends ``token`` to ``endpoint``, where the owner uses it to confirm.

    ``authenticated`` means that the confirmation was signed, so that only the account can unsubscribe it.
    """

    arn: str
    protocol: str
    endpoint: str
    token: str
    pending: bool = True
    authenticated: bool = False


@dataclass
class SimulatedTopic:
    """An SNS topic with the attributes that can be set, and its subscriptions."""

    arn: str
    attributes: dict[str, str]
    subscriptions: list[SimulatedSubscription] = field(default_factory=list)
