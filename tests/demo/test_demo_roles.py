"""Trust policies name existing principals, and only these can assume the role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount


@pytest.fixture
def trust(demo: DemoAccount) -> Any:
    def make(principal: str, **more: Any) -> str:
        arn = principal if principal == "*" else f"arn:aws:iam::{demo.account_id}:{principal}"
        statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole", **more}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return make


@pytest.fixture
def assume(as_key: Any) -> Any:
    def call(key: Any, arn: str, **more: Any) -> Any:
        return as_key("sts", key).assume_role(RoleArn=arn, RoleSessionName="session", **more)

    return call


def test_a_trust_policy_naming_a_missing_principal_is_refused(
    iam: Any, refused: Any, unique: Any, user: str, trust: Any
) -> None:
    role = unique()
    with refused("MalformedPolicyDocument", "Invalid principal in policy"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust("user/nobody"))
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust("root"))
    with refused("MalformedPolicyDocument", "Invalid principal in policy"):
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust(f"user/{user}"))
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust(f"user/breakglass/{user}"))


PROTECTED = ("AWSServiceRoleForSupport", "AWSReservedSSO_AdministratorAccess_0123456789abcdef")


@pytest.mark.parametrize("name", PROTECTED)
def test_a_protected_role_can_be_read_and_not_changed(
    iam: Any, refused: Any, trust: Any, document: Any, name: str
) -> None:
    before = iam.get_role(RoleName=name)["Role"]
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    changes = (
        lambda: iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust("root")),
        lambda: iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document()),
        lambda: iam.attach_role_policy(RoleName=name, PolicyArn=policy),
        lambda: iam.update_role(RoleName=name, MaxSessionDuration=7200),
        lambda: iam.delete_role(RoleName=name),
    )
    for change in changes:
        with refused("UnmodifiableEntity", f"'{name}' - this role is only modifiable by AWS"):
            change()
    assert iam.get_role(RoleName=name)["Role"] == before


def test_any_other_role_can_be_changed(iam: Any, unique: Any, trust: Any, document: Any) -> None:
    name = unique()
    iam.create_role(RoleName=name, Path="/service/aws-reserved/", AssumeRolePolicyDocument=trust("root"))
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust("root"))
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document())
    iam.delete_role_policy(RoleName=name, PolicyName="p")
    iam.update_role(RoleName=name, MaxSessionDuration=7200)
    iam.delete_role(RoleName=name)


@pytest.mark.parametrize("name", PROTECTED)
def test_a_protected_role_cannot_be_assumed(refused: Any, assume: Any, demo: DemoAccount, iam: Any, name: str) -> None:
    operator = {"AccessKeyId": demo.access_key_id, "SecretAccessKey": demo.secret_access_key}
    with refused("AccessDenied", "sts:AssumeRole"):
        assume(operator, iam.get_role(RoleName=name)["Role"]["Arn"])


def test_a_trust_policy_has_at_most_2048_characters(iam: Any, refused: Any, unique: Any, trust: Any) -> None:
    with refused("LimitExceeded", "ACLSizePerRole"):
        iam.create_role(RoleName=unique(), AssumeRolePolicyDocument=trust("root", Sid="x" * 2048))


def test_role_names_and_descriptions_match_their_patterns(iam: Any, refused: Any, unique: Any, trust: Any) -> None:
    with refused("EntityAlreadyExists"):
        iam.create_role(RoleName="emergencyadmin", AssumeRolePolicyDocument=trust("root"))
    with refused("ValidationError"):
        iam.create_role(RoleName="a/b", AssumeRolePolicyDocument=trust("root"))
    with refused("ValidationError"):
        iam.create_role(RoleName=unique(), AssumeRolePolicyDocument=trust("root"), Description="\x1b]0;x\x07")


def test_only_the_named_user_can_assume_a_role(
    iam: Any, refused: Any, unique: Any, user: str, trust: Any, assume: Any, as_key: Any, demo: DemoAccount
) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    name = unique()
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("user/bob"))["Role"]["Arn"]
    with refused("AccessDenied", "sts:AssumeRole"):
        assume(key, arn)
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust(f"user/breakglass/{user}"))
    session = assume(key, arn)["Credentials"]
    identity = as_key("sts", session).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{demo.account_id}:assumed-role/{name}/session"
    with refused("AccessDenied"):
        as_key("iam", session).list_users()


def test_a_role_that_trusts_the_account_needs_a_policy_of_the_caller(
    iam: Any, refused: Any, user: str, assume: Any, document: Any, demo: DemoAccount
) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    arn = f"arn:aws:iam::{demo.account_id}:role/OrganizationAccountAccessRole"
    with refused("AccessDenied"):
        assume(key, arn)
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document())
    assert assume(key, arn)["AssumedRoleUser"]["Arn"].endswith("OrganizationAccountAccessRole/session")
    with refused("ValidationError", "MaxSessionDuration"):
        assume(key, arn, DurationSeconds=7200)
    with refused("AccessDenied"):
        assume(key, arn + "X")


def test_the_emergency_role_requires_mfa(
    iam: Any, refused: Any, user: str, assume: Any, document: Any, enrolled: Any, as_key: Any, demo: DemoAccount
) -> None:
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document())
    key = iam.create_access_key(UserName=user)["AccessKey"]
    arn = f"arn:aws:iam::{demo.account_id}:role/EmergencyAdmin"
    serial, code = enrolled(user)
    with refused("AccessDenied"):
        assume(key, arn)
    with refused("AccessDenied"):
        assume(key, arn, SerialNumber=serial, TokenCode="12345x")
    session = assume(key, arn, SerialNumber=serial, TokenCode=code)["Credentials"]
    assert as_key("iam", session).list_users()["Users"]


def test_a_trust_policy_keeps_the_id_of_a_deleted_user(
    iam: Any, unique: Any, user: str, trust: Any, refused: Any, assume: Any
) -> None:
    role, old_id = unique(), iam.get_user(UserName=user)["User"]["UserId"]
    made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust(f"user/breakglass/{user}"))["Role"]
    iam.delete_user(UserName=user)
    document = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    assert document["Statement"][0]["Principal"] == {"AWS": old_id}
    iam.create_user(UserName=user, Path="/breakglass/")
    with refused("AccessDenied"):
        assume(iam.create_access_key(UserName=user)["AccessKey"], made["Arn"])
