"""Whether a policy of a topic or of a key lets EventBridge act."""

from __future__ import annotations

import pytest

from breakglass_tui.aws.checks.resource_policy import Answer, lets_service

EVENTS = "events.amazonaws.com"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
RULE = "arn:aws:events:us-east-1:123456789012:rule/bg"
CONTEXT = {"aws:sourcearn": RULE, "aws:sourceaccount": "123456789012"}
ALLOW = {"Effect": "Allow", "Principal": {"Service": EVENTS}, "Action": "sns:Publish", "Resource": TOPIC}
DENY = {"Effect": "Deny", "Principal": "*", "Action": "sns:*", "Resource": "*"}


def answer(*statements):
    return lets_service({"Statement": list(statements)}, EVENTS, "sns:Publish", TOPIC, CONTEXT)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Principal": {"Service": ["cloudwatch.amazonaws.com", EVENTS]}},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Action": ["SNS:Publish"]},
        {"Action": "*"},
        {"Resource": "*"},
        {"Resource": ["arn:aws:sns:*:123456789012:*"]},
        {"Condition": {"ArnEquals": {"aws:SourceArn": RULE}}},
        {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:events:*:123456789012:rule/*"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": ["1", "123456789012"]}}},
        {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"StringEqualsIfExists": {"aws:SourceOwner": "1"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    ],
)
def test_a_statement_that_names_eventbridge_lets_it_publish(change):
    assert answer({**ALLOW, **change}) is Answer.YES


@pytest.mark.parametrize(
    "change",
    [
        {"Principal": {"Service": "cloudwatch.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Action": "sns:Subscribe"},
        {"Resource": f"{TOPIC}-other"},
        {"Condition": {"StringEquals": {"AWS:SourceOwner": "123456789012"}}},
        {"Condition": {"ArnEquals": {"aws:SourceArn": f"{RULE}-other"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:SourceIp": "1"}}},
        {"NotAction": "sns:Publish", "Action": None},
    ],
)
def test_a_statement_for_others_does_not(change):
    statement = {key: value for key, value in {**ALLOW, **change}.items() if value is not None}
    assert answer(statement) is Answer.NO


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringEquals": {"aws:SourceOrgID": "o-1"}},
        {"ForAnyValue:StringLike": {"aws:SourceArn": "*"}},
    ],
)
def test_a_condition_that_cannot_be_evaluated_is_unknown(condition):
    assert answer({**ALLOW, "Condition": condition}) is Answer.UNKNOWN
    assert answer(ALLOW, {**DENY, "Condition": condition}) is Answer.UNKNOWN


def test_a_deny_overrides_an_allow():
    assert answer(ALLOW, DENY) is Answer.NO
    assert answer(ALLOW, {**DENY, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}) is Answer.YES
    assert answer(ALLOW, {**DENY, "Principal": {"AWS": "arn:aws:iam::1:root"}}) is Answer.YES


def test_a_deny_that_spares_some_principals_is_unknown():
    spared = {"Effect": "Deny", "NotPrincipal": {"Service": EVENTS}, "Action": "*", "Resource": "*"}
    assert answer(ALLOW, spared) is Answer.UNKNOWN


def test_an_empty_policy_lets_nobody_act():
    assert lets_service({}, EVENTS, "sns:Publish", TOPIC, CONTEXT) is Answer.NO
    assert lets_service({"Statement": ALLOW}, EVENTS, "sns:Publish", TOPIC, CONTEXT) is Answer.YES
