"""The resource that each call is authorized on (Service Authorization Reference)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount

ID = DemoAccount.account_id
USER_AND_GROUP = {"UserName": "alice", "GroupName": "auditors"}
TRAIL = "acme-all-regions"
CALLS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("iam", "add_user_to_group", USER_AND_GROUP, f"arn:aws:iam::{ID}:group/auditors"),
    ("iam", "remove_user_from_group", USER_AND_GROUP, f"arn:aws:iam::{ID}:group/auditors"),
    ("iam", "get_access_key_last_used", {}, f"arn:aws:iam::{ID}:user/ops-admin"),
    ("cloudtrail", "get_trail_status", {"Name": TRAIL}, f"arn:aws:cloudtrail:eu-west-1:{ID}:trail/{TRAIL}"),
    ("cloudtrail", "get_event_selectors", {"TrailName": TRAIL}, f"arn:aws:cloudtrail:eu-west-1:{ID}:trail/{TRAIL}"),
    ("cloudtrail", "describe_trails", {}, "*"),
    ("events", "list_targets_by_rule", {"Rule": "root-sign-in"}, f"arn:aws:events:us-east-1:{ID}:rule/root-sign-in"),
    ("events", "list_rules", {}, "*"),
    ("account", "list_regions", {}, f"arn:aws:account::{ID}:account"),
    ("sns", "create_topic", {"Name": "new"}, f"arn:aws:sns:us-east-1:{ID}:new"),
    ("sns", "list_topics", {}, "*"),
)


@pytest.fixture
def caller(
    iam: Any, user: str, demo: DemoAccount, client_for: Any, document: Callable[..., str]
) -> Callable[[str, str, str], Any]:
    """Return a client of a user who may call everything of a service, on one resource alone."""
    key = iam.create_access_key(UserName=user)["AccessKey"]

    def client(service: str, resource: str, region: str) -> Any:
        policy = document(action=f"{service}:*", resource=resource)
        iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=policy)
        return client_for(demo, service, (key["AccessKeyId"], key["SecretAccessKey"]), region)

    return client


@pytest.mark.parametrize(("service", "operation", "parameters", "resource"), CALLS)
def test_a_call_needs_the_permission_on_its_resource(
    caller: Any, refused: Any, demo: DemoAccount, service: str, operation: str, parameters: Any, resource: str
) -> None:
    if operation == "get_access_key_last_used":
        parameters = {"AccessKeyId": demo.access_key_id}
    region = "us-east-1" if service in ("events", "sns") else "eu-west-1"
    getattr(caller(service, resource, region), operation)(**parameters)
    codes = {"sns": "AuthorizationError", "iam": "AccessDenied"}
    with refused(codes.get(service, "AccessDeniedException"), f"on resource: {resource} "):
        getattr(caller(service, "arn:aws:other:::thing", region), operation)(**parameters)


@pytest.mark.parametrize("tagged", [True, False])
def test_tags_of_a_new_user_or_device_need_a_permission_of_their_own(
    iam: Any, user: str, as_key: Any, refused: Any, unique: Callable[[], str], *, tagged: bool
) -> None:
    allow = {"Effect": "Allow", "Action": ["iam:CreateUser", "iam:CreateVirtualMFADevice"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document)
    own = as_key("iam", iam.create_access_key(UserName=user)["AccessKey"])
    tags = {"Tags": [{"Key": "team", "Value": "ops"}]} if tagged else {}
    if not tagged:
        own.create_user(UserName=unique())
        own.create_virtual_mfa_device(VirtualMFADeviceName=unique())
        return
    with refused("AccessDenied", "iam:TagUser"):
        own.create_user(UserName=unique(), **tags)
    with refused("AccessDenied", "iam:TagMFADevice"):
        own.create_virtual_mfa_device(VirtualMFADeviceName=unique(), **tags)
