"""The EventBridge event of a console sign-in by an IAM user, and the rules that can match it."""

from __future__ import annotations

import json
from typing import Any

LANDING = ("us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2")
"""Regions that record a sign-in at the global endpoint (CloudTrail, AWS Management Console sign-in events)."""
SOURCE = "aws.signin"
DETAIL_TYPE = "AWS Console Sign In via CloudTrail"
"""The detail type of the events. A guide prints ``Signin``, and a rule with that word alone matches nothing."""


def regions_of(partition: str, chosen: str) -> tuple[str, ...]:
    """Return every Region that can record a sign-in. In partitions other than ``aws``, only ``chosen`` is known."""
    landing = LANDING if partition == "aws" else ()
    return tuple(dict.fromkeys((*landing, chosen)))


def sign_in_event(*, account_id: str, region: str, arn: str, user_id: str, user_name: str) -> str:
    """Return the event as JSON for TestEventPattern."""
    identity = {"type": "IAMUser", "principalId": user_id, "arn": arn, "accountId": account_id, "userName": user_name}
    detail: dict[str, Any] = {
        "eventVersion": "1.08",
        "userIdentity": identity,
        "eventTime": "2024-01-01T00:00:00Z",
        "eventSource": "signin.amazonaws.com",
        "eventName": "ConsoleLogin",
        "awsRegion": region,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0",
        "requestParameters": None,
        "responseElements": {"ConsoleLogin": "Success"},
        "additionalEventData": {"LoginTo": "https://console.aws.amazon.com/console/home", "MFAUsed": "Yes"},
        "eventID": "00000000-0000-0000-0000-000000000000",
        "readOnly": False,
        "eventType": "AwsConsoleSignIn",
        "managementEvent": True,
        "recipientAccountId": account_id,
        "eventCategory": "Management",
    }
    event = {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "detail-type": DETAIL_TYPE,
        "source": SOURCE,
        "account": account_id,
        "time": "2024-01-01T00:00:00Z",
        "region": region,
        "resources": [],
        "detail": detail,
    }
    return json.dumps(event)


def may_match(pattern: str) -> bool:
    """Return whether a rule is worth a TestEventPattern call: its pattern does not name other sources only."""
    try:
        found = json.loads(pattern)
    except ValueError:
        return False
    sources = found.get("source", [{}]) if isinstance(found, dict) else []
    return SOURCE in sources or any(not isinstance(source, str) for source in sources)


def alert_pattern(user_name: str) -> str:
    """Return a pattern that matches this user's sign-ins, including failed ones."""
    detail = {"eventName": ["ConsoleLogin", "SwitchRole"], "userIdentity": {"userName": [user_name]}}
    return json.dumps({"source": [SOURCE], "detail": detail}, separators=(",", ":"))
