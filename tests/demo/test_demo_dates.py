"""Date conditions, and the condition keys of time: a deny of older sessions does not affect a long-term key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.overlay.conditions import conditions_hold

T = "2026-05-01T12:00:00Z"
BEFORE, EQUAL, AFTER = "2026-05-01T11:59:59Z", "2026-05-01T12:00:00+00:00", "2026-05-01T12:00:01Z"
KEY = "aws:TokenIssueTime"


def holds(operator: str, value: str | None, expected: Any = T, effect: str = "Deny") -> bool:
    context = {} if value is None else {KEY.lower(): value}
    return conditions_hold({"Effect": effect, "Condition": {operator: {KEY: expected}}}, context)


@pytest.mark.parametrize(
    ("operator", "matching"),
    [
        ("DateEquals", {EQUAL}),
        ("DateNotEquals", {BEFORE, AFTER}),
        ("DateLessThan", {BEFORE}),
        ("DateLessThanEquals", {BEFORE, EQUAL}),
        ("DateGreaterThan", {AFTER}),
        ("DateGreaterThanEquals", {EQUAL, AFTER}),
    ],
)
def test_dates_are_compared_to_the_second(operator: str, matching: set[str]) -> None:
    for suffix in ("", "IfExists"):
        assert {value for value in (BEFORE, EQUAL, AFTER) if holds(f"{operator}{suffix}", value)} == matching


@pytest.mark.parametrize("operator", ["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_an_absent_key_does_not_match(operator: str, effect: str) -> None:
    assert not holds(operator, None, effect=effect)


@pytest.mark.parametrize("operator", ["DateNotEquals", "DateLessThanIfExists", "DateGreaterThanEqualsIfExists"])
def test_an_absent_key_matches_a_negation_and_if_exists(operator: str) -> None:
    assert holds(operator, None)


@pytest.mark.parametrize(
    "written", ["2026-05-01", "2026-05-01T12:00Z", "2026-05-01T12:00:00.500Z", "2026-05-01T14:00:00+02:00"]
)
def test_a_date_has_the_formats_of_iso_8601(written: str) -> None:
    assert holds("DateGreaterThanEquals", AFTER, written)
    assert not holds("DateLessThan", AFTER, written)


@pytest.mark.parametrize("written", ["1777636800", 1777636800])
def test_a_date_can_be_in_epoch_time(written: Any) -> None:
    assert [holds("DateLessThan", value, written) for value in (BEFORE, EQUAL, AFTER)] == [True, False, False]
    assert holds("DateEquals", "1777636800")


def test_one_of_several_dates_is_enough() -> None:
    assert holds("DateEquals", EQUAL, [BEFORE, T])
    assert not holds("DateEquals", AFTER, [BEFORE, T])


def test_an_unreadable_date_denies_and_does_not_allow() -> None:
    assert holds("DateLessThan", BEFORE, "yesterday", effect="Deny")
    assert not holds("DateLessThan", BEFORE, "yesterday", effect="Allow")


@pytest.fixture
def with_deny(iam: Any, user: str, document: Any) -> Any:
    """Return a function that denies the user everything under a condition, in addition to an allow of everything."""
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=document())

    def put(**condition: Any) -> None:
        denied = document("Deny", Condition=condition)
        iam.put_user_policy(UserName=user, PolicyName="deny", PolicyDocument=denied)

    return put


def _in(seconds: float) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def test_a_deny_of_older_sessions_ends_sessions_and_spares_the_key(
    iam: Any, refused: Any, user: str, as_key: Any, enrolled: Any, with_deny: Any
) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    serial, code = enrolled(user)
    session = as_key("sts", key).get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
    assert as_key("iam", session).list_users()["Users"]
    with_deny(DateLessThan={KEY: _in(5)})
    assert as_key("iam", key).list_users()["Users"]
    with refused("AccessDenied", "explicit deny"):
        as_key("iam", session).list_users()
    assert as_key("sts", session).get_caller_identity()["Arn"]
    with_deny(DateLessThan={KEY: _in(-60)})
    assert as_key("iam", session).list_users()["Users"]


def test_if_exists_would_also_deny_the_key(iam: Any, refused: Any, user: str, as_key: Any, with_deny: Any) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    with_deny(DateLessThanIfExists={KEY: _in(-60)})
    with refused("AccessDenied", "explicit deny"):
        as_key("iam", key).list_users()


def test_a_role_session_has_an_issue_time(
    iam: Any, refused: Any, unique: Any, as_key: Any, document: Any, demo: DemoAccount
) -> None:
    role, trusted = unique(), {"AWS": f"arn:aws:iam::{demo.account_id}:root"}
    trust = document(action="sts:AssumeRole", Principal=trusted).replace(', "Resource": "*"', "")
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=document())
    operator = {"AccessKeyId": demo.access_key_id, "SecretAccessKey": demo.secret_access_key}
    session = as_key("sts", operator).assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    assert as_key("iam", session).list_users()["Users"]
    older = document("Deny", Condition={"DateLessThan": {KEY: _in(5)}})
    iam.put_role_policy(RoleName=role, PolicyName="AWSRevokeOlderSessions", PolicyDocument=older)
    with refused("AccessDenied", "explicit deny"):
        as_key("iam", session).list_users()


@pytest.mark.parametrize("key", ["aws:CurrentTime", "aws:EpochTime"])
def test_a_user_can_be_limited_in_time(
    iam: Any, refused: Any, user: str, as_key: Any, with_deny: Any, key: str
) -> None:
    own = as_key("iam", iam.create_access_key(UserName=user)["AccessKey"])
    with_deny(DateGreaterThan={key: _in(60)})
    assert own.list_users()["Users"]
    with_deny(DateGreaterThan={key: _in(-60)})
    with refused("AccessDenied", "explicit deny"):
        own.list_users()


def test_the_simulator_knows_only_the_dates_that_it_is_given(iam: Any, user: str, with_deny: Any) -> None:
    def decided(**given: str) -> tuple[str, list[str]]:
        entries = [
            {"ContextKeyName": f"aws:{name}", "ContextKeyType": "date", "ContextKeyValues": [value]}
            for name, value in given.items()
        ]
        (result,) = iam.simulate_principal_policy(
            PolicySourceArn=iam.get_user(UserName=user)["User"]["Arn"],
            ActionNames=["ec2:RunInstances"],
            ContextEntries=entries,
        )["EvaluationResults"]
        return result["EvalDecision"], result["MissingContextValues"]

    with_deny(DateLessThan={KEY: T})
    assert decided() == ("allowed", [KEY])
    assert decided(TokenIssueTime=BEFORE) == ("explicitDeny", [])
    assert decided(TokenIssueTime=AFTER) == ("allowed", [])
    with_deny(DateGreaterThan={"aws:CurrentTime": T})
    assert decided() == ("allowed", ["aws:CurrentTime"])
    assert decided(CurrentTime=AFTER) == ("explicitDeny", [])
