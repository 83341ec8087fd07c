"""The simulated EventBridge."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount

PATTERN = json.dumps({"source": ["aws.signin"], "detail": {"userIdentity": {"userName": ["bob"]}}})
EVENT = {
    "id": "1",
    "account": DemoAccount.account_id,
    "source": "aws.signin",
    "time": "2024-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail-type": "AWS Console Sign In via CloudTrail",
    "detail": {"userIdentity": {"userName": "bob"}},
}


@pytest.fixture
def events(demo: DemoAccount, client_for: Any) -> Callable[..., Any]:
    return lambda region="eu-west-1": client_for(demo, "events", region=region)


def test_only_sign_ins_of_root_have_a_rule(events: Any) -> None:
    (rule,) = events("us-east-1").list_rules()["Rules"]
    assert rule["Name"] == "root-sign-in"
    assert rule["State"] == "ENABLED"
    assert "Root" in rule["EventPattern"]
    assert len(events("us-east-1").list_targets_by_rule(Rule="root-sign-in")["Targets"]) == 1
    assert events("eu-north-1").list_rules()["Rules"] == []


def test_a_rule_belongs_to_one_region_and_is_deleted_only_without_targets(
    events: Any, unique: Any, refused: Any
) -> None:
    here, name = events(), unique()
    assert here.put_rule(Name=name, EventPattern=PATTERN)["RuleArn"].endswith(f":rule/{name}")
    here.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": "arn:aws:sns:eu-west-1:123456789012:t"}])
    assert name not in {rule["Name"] for rule in events("eu-north-1").list_rules()["Rules"]}
    with refused("ValidationException", "has targets"):
        here.delete_rule(Name=name)
    here.remove_targets(Rule=name, Ids=["1"])
    here.delete_rule(Name=name)
    with refused("ResourceNotFoundException"):
        here.list_targets_by_rule(Rule=name)


def test_rules_are_paginated(events: Any, unique: Any) -> None:
    here, prefix = events("us-west-1"), unique()
    for number in range(3):
        here.put_rule(Name=f"{prefix}-{number}", EventPattern=PATTERN)
    first = here.list_rules(NamePrefix=prefix, Limit=2)
    second = here.list_rules(NamePrefix=prefix, Limit=2, NextToken=first["NextToken"])
    assert [rule["Name"][-1] for rule in (*first["Rules"], *second["Rules"])] == ["0", "1", "2"]
    assert "NextToken" not in second


@pytest.mark.parametrize("pattern", ["", "{", "[]", '{"source":"aws.signin"}', '{"source":[]}', '{"detail":{"a":1}}'])
def test_an_invalid_pattern_is_refused(events: Any, refused: Any, pattern: str) -> None:
    with refused("InvalidEventPatternException"):
        events().put_rule(Name="never", EventPattern=pattern)


@pytest.mark.parametrize(("name", "matched"), [("bob", True), ("alice", False)])
def test_a_pattern_matches_the_named_user(events: Any, name: str, matched: bool) -> None:
    event = {**EVENT, "detail": {"userIdentity": {"userName": name}}}
    assert events().test_event_pattern(EventPattern=PATTERN, Event=json.dumps(event))["Result"] is matched


def test_an_invalid_event_is_refused(events: Any, refused: Any) -> None:
    with refused("ValidationException"):
        events().test_event_pattern(EventPattern=PATTERN, Event=json.dumps({"source": "aws.signin"}))


def test_a_user_without_permission_cannot_list_rules(iam: Any, user: str, as_key: Any, refused: Any) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    with refused("AccessDeniedException", "events:ListRules"):
        as_key("events", key).list_rules()


def test_a_topic_of_another_region_cannot_be_a_target(events: Any, unique: Any, refused: Any) -> None:
    here, name = events(), unique()
    here.put_rule(Name=name, EventPattern=PATTERN)
    with refused("ValidationException"):
        here.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": "arn:aws:sns:us-east-1:123456789012:t"}])
    here.delete_rule(Name=name)


def test_a_rule_has_at_most_five_targets(events: Any, unique: Any, refused: Any) -> None:
    here, name = events(), unique()
    targets = [{"Id": str(n), "Arn": f"arn:aws:sns:eu-west-1:123456789012:t{n}"} for n in range(6)]
    here.put_rule(Name=name, EventPattern=PATTERN)
    here.put_targets(Rule=name, Targets=targets[:5])
    with refused("LimitExceededException"):
        here.put_targets(Rule=name, Targets=targets[5:])
    here.remove_targets(Rule=name, Ids=[target["Id"] for target in targets])
    here.delete_rule(Name=name)
