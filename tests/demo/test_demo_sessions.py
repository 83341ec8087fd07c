"""Temporary credentials: how long they last, what they may call, and whom a trust policy lets assume a role."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config

from breakglass_tui.demo.demo_account import DemoAccount


@pytest.fixture
def admin_key(iam: Any, user: str, document: Any) -> Any:
    """Return an access key of a user that may do everything."""
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=document())
    return iam.create_access_key(UserName=user)["AccessKey"]


@pytest.fixture
def role(iam: Any, unique: Any, demo: DemoAccount, document: Any) -> Any:
    """Return a function that creates a role. ``statements`` are its trust policy without the action."""

    def make(*statements: dict[str, Any], **options: Any) -> str:
        listed = [{"Effect": "Allow", "Action": "sts:AssumeRole", **one} for one in statements]
        trust = json.dumps({"Version": "2012-10-17", "Statement": listed})
        return str(iam.create_role(RoleName=unique(), AssumeRolePolicyDocument=trust, **options)["Role"]["Arn"])

    return make


@pytest.fixture
def unchecked(admin_key: Any, demo: DemoAccount) -> Any:
    """Return an STS client of ``admin_key`` that sends values which botocore itself refuses."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    session = boto3.Session(admin_key["AccessKeyId"], admin_key["SecretAccessKey"], region_name="eu-west-1")
    return session.client("sts", endpoint_url=demo.start(), config=config)


def _root(demo: DemoAccount) -> dict[str, Any]:
    return {"Principal": {"AWS": f"arn:aws:iam::{demo.account_id}:root"}}


def test_a_session_without_mfa_may_not_call_iam(
    refused: Any, user: str, admin_key: Any, as_key: Any, enrolled: Any, demo: DemoAccount
) -> None:
    session = as_key("sts", admin_key).get_session_token()["Credentials"]
    with refused("InvalidClientTokenId", "security token included in the request is invalid"):
        as_key("iam", session).list_users()
    assert as_key("sts", session).get_caller_identity()["Arn"].endswith(user)
    assert as_key("kms", session).list_aliases()["Aliases"]
    arn = f"arn:aws:iam::{demo.account_id}:role/OrganizationAccountAccessRole"
    assumed = as_key("sts", session).assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    assert as_key("iam", assumed).list_users()["Users"]
    serial, code = enrolled(user)
    with_mfa = as_key("sts", admin_key).get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
    assert as_key("iam", with_mfa).list_users()["Users"]


def test_a_console_session_may_call_iam_and_has_mfa_with_a_device(
    iam: Any, refused: Any, user: str, admin_key: Any, as_key: Any, enrolled: Any, demo: DemoAccount, document: Any
) -> None:
    assert admin_key
    session = demo.console_session(user)
    assert as_key("iam", session).list_users()["Users"]
    needs_mfa = document("Deny", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    iam.put_user_policy(UserName=user, PolicyName="deny", PolicyDocument=needs_mfa)
    with refused("AccessDenied", "explicit deny"):
        as_key("iam", session).list_users()
    enrolled(user)
    with refused("AccessDenied", "explicit deny"):
        as_key("iam", session).list_users()
    assert as_key("iam", demo.console_session(user)).list_users()["Users"]


@pytest.mark.parametrize("seconds", [899, 129601])
def test_a_session_lasts_from_15_minutes_to_36_hours(refused: Any, unchecked: Any, seconds: int) -> None:
    with refused("ValidationError", "durationSeconds"):
        unchecked.get_session_token(DurationSeconds=seconds)
    assert unchecked.get_session_token(DurationSeconds=900 if seconds < 900 else 129600)["Credentials"]


@pytest.mark.parametrize("seconds", [899, 43201])
def test_a_role_session_lasts_from_15_minutes_to_12_hours(
    refused: Any, unchecked: Any, role: Any, demo: DemoAccount, seconds: int
) -> None:
    arn = role(_root(demo), MaxSessionDuration=43200)
    with refused("ValidationError", "durationSeconds"):
        unchecked.assume_role(RoleArn=arn, RoleSessionName="session", DurationSeconds=seconds)
    assert unchecked.assume_role(RoleArn=arn, RoleSessionName="session", DurationSeconds=43200)["Credentials"]


def test_a_role_session_that_assumes_a_role_lasts_at_most_an_hour(
    iam: Any, refused: Any, admin_key: Any, as_key: Any, role: Any, demo: DemoAccount, document: Any
) -> None:
    first, second = (role(_root(demo), MaxSessionDuration=43200) for _ in range(2))
    iam.put_role_policy(RoleName=first.rpartition("/")[2], PolicyName="all", PolicyDocument=document())
    session = as_key("sts", admin_key).assume_role(RoleArn=first, RoleSessionName="session")["Credentials"]
    with refused("ValidationError", "role chaining"):
        as_key("sts", session).assume_role(RoleArn=second, RoleSessionName="session", DurationSeconds=3601)
    assert as_key("sts", session).assume_role(RoleArn=second, RoleSessionName="session", DurationSeconds=3600)


def test_a_role_session_name_has_the_pattern_of_sts(refused: Any, unchecked: Any, role: Any, demo: DemoAccount) -> None:
    arn = role(_root(demo))
    for name in ("a b", "x", "x" * 65):
        with refused("ValidationError", "roleSessionName"):
            unchecked.assume_role(RoleArn=arn, RoleSessionName=name)
    assert unchecked.assume_role(RoleArn=arn, RoleSessionName="a=b,c.d@e-f_g+h")["Credentials"]


def test_a_deny_in_the_trust_policy_overrides_an_allow(
    refused: Any, user: str, admin_key: Any, as_key: Any, role: Any, demo: DemoAccount
) -> None:
    own = {"AWS": f"arn:aws:iam::{demo.account_id}:user/breakglass/{user}"}
    arn = role(_root(demo), {"Principal": own}, {"Principal": own, "Effect": "Deny"})
    with refused("AccessDenied", "sts:AssumeRole"):
        as_key("sts", admin_key).assume_role(RoleArn=arn, RoleSessionName="session")


def test_a_role_that_trusts_a_service_or_does_not_exist_cannot_be_assumed(
    refused: Any, admin_key: Any, as_key: Any, demo: DemoAccount
) -> None:
    for name in ("LambdaRotateSecrets", "DoesNotExist"):
        with refused("AccessDenied", f"sts:AssumeRole on resource: arn:aws:iam::{demo.account_id}:role/{name}"):
            arn = f"arn:aws:iam::{demo.account_id}:role/{name}"
            as_key("sts", admin_key).assume_role(RoleArn=arn, RoleSessionName="session")


def test_a_condition_on_the_principal_of_a_role_session_names_the_role(
    iam: Any, refused: Any, admin_key: Any, as_key: Any, role: Any, demo: DemoAccount, document: Any
) -> None:
    arn = role(_root(demo))
    policy = document(Condition={"ArnEquals": {"aws:PrincipalArn": arn}})
    iam.put_role_policy(RoleName=arn.rpartition("/")[2], PolicyName="all", PolicyDocument=policy)
    session = as_key("sts", admin_key).assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    assert as_key("iam", session).list_users()["Users"]
    own = document(action="iam:ListUsers", Condition={"Null": {"aws:username": "false"}})
    variable = document(action="iam:GetUser", resource=f"arn:aws:iam::{demo.account_id}:user/${{aws:username}}*")
    for policy in (own, variable):
        iam.put_role_policy(RoleName=arn.rpartition("/")[2], PolicyName="all", PolicyDocument=policy)
        with refused("AccessDenied"):
            as_key("iam", session).list_users()
        with refused("AccessDenied"):
            as_key("iam", session).get_user(UserName="bob")


def test_an_inactive_key_is_an_unknown_key_until_it_is_active_again(
    iam: Any, refused: Any, user: str, admin_key: Any, as_key: Any
) -> None:
    key_id = admin_key["AccessKeyId"]
    iam.update_access_key(UserName=user, AccessKeyId=key_id, Status="Inactive")
    with refused("InvalidClientTokenId"):
        as_key("sts", admin_key).get_caller_identity()
    with refused("InvalidClientTokenId"):
        as_key("iam", admin_key).list_users()
    with refused("UnrecognizedClientException"):
        as_key("kms", admin_key).list_aliases()
    iam.update_access_key(UserName=user, AccessKeyId=key_id, Status="Active")
    assert as_key("iam", admin_key).list_users()["Users"]
