"""The event history of the simulated account."""

from __future__ import annotations

import json
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount


@pytest.fixture
def named(demo: DemoAccount, client_for: Any) -> Any:
    """``named(region, name)``: return the calls that the name made in a Region, the newest first."""

    def find(region: str, name: str, **parameters: Any) -> Any:
        attribute = {"AttributeKey": "Username", "AttributeValue": name}
        client = client_for(demo, "cloudtrail", region=region)
        return client.lookup_events(LookupAttributes=[attribute], **parameters)

    return find


def test_iam_is_recorded_in_one_region_and_other_calls_in_their_own(
    demo: DemoAccount, iam: Any, client_for: Any, user: str, as_key: Any, named: Any
) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    sts = as_key("sts", key)
    sts.get_caller_identity()
    sts.get_session_token()
    (newest, oldest) = named("eu-west-1", user)["Events"]
    assert (newest["EventName"], oldest["EventName"]) == ("GetSessionToken", "GetCallerIdentity")
    assert newest["AccessKeyId"] == key["AccessKeyId"]
    assert json.loads(newest["CloudTrailEvent"])["awsRegion"] == "eu-west-1"
    assert named("us-east-1", user)["Events"] == []
    assert "CreateAccessKey" in {event["EventName"] for event in named("us-east-1", "ops-admin")["Events"]}


def test_a_denied_call_is_recorded_with_its_error(iam: Any, user: str, as_key: Any, named: Any, refused: Any) -> None:
    with refused("AccessDenied"):
        as_key("iam", iam.create_access_key(UserName=user)["AccessKey"]).list_users()
    (event,) = named("us-east-1", user)["Events"]
    assert json.loads(event["CloudTrailEvent"])["errorCode"] == "AccessDenied"


def test_a_page_has_at_most_fifty_events(iam: Any, named: Any, refused: Any) -> None:
    for _ in range(3):
        iam.get_user(UserName="ops-admin")
    page = named("us-east-1", "ops-admin", MaxResults=2)
    rest = named("us-east-1", "ops-admin", MaxResults=2, NextToken=page["NextToken"])
    assert len(page["Events"]) == 2
    assert {one["EventId"] for one in page["Events"]}.isdisjoint(one["EventId"] for one in rest["Events"])
    with refused("InvalidMaxResultsException"):
        named("us-east-1", "ops-admin", MaxResults=51)


def test_one_attribute_can_be_compared(demo: DemoAccount, client_for: Any, refused: Any) -> None:
    client = client_for(demo, "cloudtrail", region="us-east-1")
    two = [{"AttributeKey": key, "AttributeValue": "x"} for key in ("Username", "EventName")]
    with refused("InvalidLookupAttributesException"):
        client.lookup_events(LookupAttributes=two)
