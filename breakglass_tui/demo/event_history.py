"""The event history of the simulated account: the calls of the last 90 days, as CloudTrail records them."""

from __future__ import annotations

import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

GLOBAL_REGION = "us-east-1"
"""The Region in which calls of IAM are recorded (CloudTrail User Guide, "Global service events")."""
LONGEST = 10_000
READS = ("Get", "List", "Describe", "Lookup", "Simulate", "Generate", "Test")


@dataclass(frozen=True)
class RecordedEvent:
    """One call. ``user_name`` is the name of a user or of a role session (AWS CLI examples, lookup-events)."""

    service: str
    action: str
    region: str
    arn: str
    access_key_id: str
    error: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def user_name(self) -> str:
        """Return the last part of the ARN of the caller."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def attributes(self) -> Mapping[str, str]:
        """Return the values that LookupEvents compares, by its attribute keys."""
        return {
            "EventId": self.id,
            "EventName": self.action,
            "EventSource": f"{self.service}.amazonaws.com",
            "Username": self.user_name,
            "AccessKeyId": self.access_key_id,
            "ReadOnly": str(self.action.startswith(READS)).lower(),
        }

    def described(self) -> dict[str, Any]:
        """Return the event as LookupEvents returns it, with the JSON text of a record."""
        record = {
            "eventVersion": "1.08",
            "userIdentity": {"arn": self.arn, "accessKeyId": self.access_key_id},
            "eventTime": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": self.attributes["EventSource"],
            "eventName": self.action,
            "awsRegion": self.region,
            **({"errorCode": self.error} if self.error else {}),
        }
        return {**self.attributes, "EventTime": self.at, "CloudTrailEvent": json.dumps(record)}


class EventHistory:
    """The recorded calls of an account. It has no delay, although CloudTrail needs some minutes."""

    def __init__(self) -> None:
        self._events: deque[RecordedEvent] = deque(maxlen=LONGEST)

    def record(self, event: RecordedEvent) -> None:
        """Add one call."""
        self._events.append(event)

    def in_region(self, region: str) -> list[RecordedEvent]:
        """Return the events of a Region, the newest first."""
        return [event for event in reversed(self._events) if event.region == region]
