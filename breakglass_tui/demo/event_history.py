"""The event history of the simulated account: its API calls, as CloudTrail's LookupEvents returns them."""

from __future__ import annotations

import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

GLOBAL_REGION = "us-east-1"
"""The Region in which CloudTrail records calls of IAM (CloudTrail User Guide, "Global service events")."""
LONGEST = 10_000
"""The maximum number of recorded calls. Older ones are dropped."""
READS = ("Get", "List", "Describe", "Lookup", "Simulate", "Generate", "Test")


@dataclass(frozen=True)
class RecordedEvent:
    """One recorded API call. ``arn`` is the ARN of the caller, and ``error`` is the error code of a refused call."""

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
        """The name of the calling user or role session (AWS CLI examples, lookup-events)."""
        return self.arn.rsplit("/", 1)[-1]

    @property
    def attributes(self) -> Mapping[str, str]:
        """The values that LookupEvents compares, by attribute key."""
        return {
            "EventId": self.id,
            "EventName": self.action,
            "EventSource": f"{self.service}.amazonaws.com",
            "Username": self.user_name,
            "AccessKeyId": self.access_key_id,
            "ReadOnly": str(self.action.startswith(READS)).lower(),
        }

    def described(self) -> dict[str, Any]:
        """Return the event in the form of LookupEvents. ``CloudTrailEvent`` has the full record as JSON."""
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
    """The recorded API calls of an account. They can be read at once. In AWS that takes some minutes."""

    def __init__(self) -> None:
        self._events: deque[RecordedEvent] = deque(maxlen=LONGEST)

    def record(self, event: RecordedEvent) -> None:
        """Add one API call."""
        self._events.append(event)

    def in_region(self, region: str) -> list[RecordedEvent]:
        """Return the recorded calls of ``region``, newest first."""
        return [event for event in reversed(self._events) if event.region == region]
