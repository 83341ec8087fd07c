"""The EventBridge event of a console sign-in by an IAM user, and event patterns that match it."""

from __future__ import annotations

import json
from typing import Any

SOURCE = "aws.signin"
DETAIL_TYPE = "AWS Console Sign In via CloudTrail"
"""The detail type of the events. A rule with the spelling ``Signin``, which an AWS guide has, matches none of them."""


def sign_in_event(*, account_id: str, region: str, arn: str, user_id: str, user_name: str, failed: bool) -> str:
    """Return the event of a console sign-in as JSON, for TestEventPattern.

    The event of a failed sign-in has neither the ARN nor the id of the user. Source: CloudTrail User Guide, "AWS
    Management Console sign-in events", the example of an unsuccessful sign-in.
    """
    identity = {"type": "IAMUser", "principalId": user_id, "arn": arn, "accountId": account_id, "userName": user_name}
    outcome: dict[str, Any] = {"responseElements": {"ConsoleLogin": "Success"}}
    if failed:
        identity = {"type": "IAMUser", "accountId": account_id, "accessKeyId": "", "userName": user_name}
        outcome = {"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"}
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
        **outcome,
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
    """Return whether ``pattern`` can match a sign-in. It is False if the pattern only names other event sources.

    Only such a rule is worth a TestEventPattern call.
    """
    try:
        found = json.loads(pattern)
    except ValueError:
        return False
    sources = found.get("source", [{}]) if isinstance(found, dict) else []
    return SOURCE in sources or any(not isinstance(source, str) for source in sources)


def alert_pattern(user_name: str) -> str:
    """Return the event pattern, as JSON, that matches every sign-in event of the user, including failed ones.

    It matches the user name, because a failed sign-in has no ARN. It has no detail type, because the AWS guides
    disagree about it. CreateOAuth2Token and AuthorizeOAuth2Access are the events of ``aws login``.
    """
    names = (
        "ConsoleLogin SwitchRole PasswordRecoveryRequested PasswordRecoveryCompleted PasswordUpdated "
        "CreateOAuth2Token AuthorizeOAuth2Access"
    )
    identity = {"type": ["IAMUser"], "userName": [{"equals-ignore-case": user_name}]}
    detail = {"userIdentity": identity, "eventName": names.split()}
    return json.dumps({"source": [SOURCE], "detail": detail}, separators=(",", ":"))
