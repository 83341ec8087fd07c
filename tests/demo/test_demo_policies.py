"""Policy documents, the permissions they grant, and the policy simulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.overlay.conditions import conditions_hold
from breakglass_tui.domain.policy import DENY_WITHOUT_MFA


def _statements(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _padded(size: int) -> str:
    plain = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::"}
    empty = "".join(_statements(plain).split())
    return _statements(plain | {"Resource": "arn:aws:s3:::" + "x" * (size - len(empty))})


def test_all_inline_policies_together_have_2048_characters_without_white_space(
    iam: Any, refused: Any, user: str
) -> None:
    with refused("LimitExceeded", "2048"):
        iam.put_user_policy(UserName=user, PolicyName="one", PolicyDocument=_padded(2049))
    iam.put_user_policy(UserName=user, PolicyName="one", PolicyDocument=_padded(2048) + " \n" * 50)
    with refused("LimitExceeded"):
        iam.put_user_policy(UserName=user, PolicyName="two", PolicyDocument=_padded(200))
    iam.put_user_policy(UserName=user, PolicyName="one", PolicyDocument=_padded(1848))
    iam.put_user_policy(UserName=user, PolicyName="two", PolicyDocument=_padded(200))


def test_a_policy_has_only_latin_characters(iam: Any, refused: Any, user: str, document: Any) -> None:
    sid = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW_ALL | {"Resource": "a—b"}]}, ensure_ascii=False)
    with refused("ValidationError"):
        iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=sid)
    with refused("ValidationError"):
        iam.put_user_policy(UserName=user, PolicyName="p q", PolicyDocument=document())
    with refused("MalformedPolicyDocument"):
        iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument="{}")
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document())
    assert iam.get_user_policy(UserName=user, PolicyName="p")["PolicyDocument"] == json.loads(document())


def test_a_user_has_at_most_ten_attached_policies(
    iam: Any, refused: Any, user: str, unique: Any, document: Any
) -> None:
    arns = [iam.create_policy(PolicyName=unique(), PolicyDocument=document())["Policy"]["Arn"] for _ in range(11)]
    for arn in arns[:10]:
        iam.attach_user_policy(UserName=user, PolicyArn=arn)
    with refused("LimitExceeded"):
        iam.attach_user_policy(UserName=user, PolicyArn=arns[10])
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=arns[0])
    iam.delete_policy(PolicyArn=arns[10])


def test_a_user_may_call_only_what_its_policies_allow(
    iam: Any, refused: Any, user: str, as_key: Any, document: Any
) -> None:
    own = as_key("iam", iam.create_access_key(UserName=user)["AccessKey"])
    arn = iam.get_user(UserName=user)["User"]["Arn"]
    with refused("AccessDenied", f"User: {arn} is not authorized to perform: iam:ListUsers on resource: * because no"):
        own.list_users()
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document(action="iam:List*"))
    assert own.list_users()["Users"]
    iam.put_user_policy(UserName=user, PolicyName="q", PolicyDocument=document("Deny", "iam:ListUsers"))
    with refused("AccessDenied", "with an explicit deny in an identity-based policy"):
        own.list_users()
    with refused("AccessDeniedException", "kms:ListAliases"):
        as_key(
            "kms", iam.list_access_keys(UserName=user) and iam.create_access_key(UserName=user)["AccessKey"]
        ).list_aliases()


def test_a_policy_for_one_user_does_not_cover_another(
    iam: Any, refused: Any, user: str, as_key: Any, document: Any
) -> None:
    arn = iam.get_user(UserName=user)["User"]["Arn"].replace(user, "${aws:username}")
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document(action="iam:GetUser", resource=arn))
    own = as_key("iam", iam.create_access_key(UserName=user)["AccessKey"])
    assert own.get_user(UserName=user)["User"]["Arn"] == iam.get_user(UserName=user)["User"]["Arn"]
    with refused("AccessDenied", "user/bob"):
        own.get_user(UserName="bob")


@pytest.mark.parametrize("own_arn", [True, False])
def test_a_call_without_a_user_name_is_a_call_on_the_caller(
    iam: Any, refused: Any, user: str, as_key: Any, document: Any, own_arn: bool
) -> None:
    arn = iam.get_user(UserName=user if own_arn else "bob")["User"]["Arn"]
    actions = ["iam:GetUser", "iam:ListAccessKeys"]
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=document(action=actions, resource=arn))
    own = as_key("iam", iam.create_access_key(UserName=user)["AccessKey"])
    if own_arn:
        assert own.get_user()["User"]["UserName"] == user
        assert own.list_access_keys()["AccessKeyMetadata"][0]["UserName"] == user
    else:
        with refused("AccessDenied", f"user/breakglass/{user}"):
            own.get_user()
    with refused("AccessDenied", "on resource: *"):
        own.list_users()


def test_groups_grant_permissions(iam: Any, user: str, as_key: Any) -> None:
    iam.add_user_to_group(UserName=user, GroupName="platform-team")
    assert as_key("iam", iam.create_access_key(UserName=user)["AccessKey"]).list_users()["Users"]
    iam.remove_user_from_group(UserName=user, GroupName="platform-team")


def test_the_guardrail_denies_a_plain_key_and_allows_an_mfa_session(
    iam: Any, refused: Any, user: str, as_key: Any, enrolled: Any
) -> None:
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=_statements(ALLOW_ALL, DENY_WITHOUT_MFA))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    with refused("AccessDenied", "explicit deny"):
        as_key("iam", key).list_users()
    assert as_key("sts", key).get_caller_identity()["Arn"]
    without = as_key("sts", key).get_session_token()["Credentials"]
    with refused("AccessDeniedException", "explicit deny"):
        as_key("kms", without).list_aliases()
    serial, code = enrolled(user)
    session = as_key("sts", key).get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
    assert as_key("iam", session).list_users()["Users"]


@pytest.mark.parametrize(("via", "denied"), [(None, True), ("false", True), ("true", False)])
@pytest.mark.parametrize("mfa", [None, "false"])
def test_the_guardrail_spares_calls_that_a_service_makes_for_the_user(
    via: str | None, denied: bool, mfa: str | None
) -> None:
    context = {"aws:ViaAWSService": via, "aws:MultiFactorAuthPresent": mfa}
    known = {key: value for key, value in context.items() if value is not None}
    assert conditions_hold(DENY_WITHOUT_MFA, known) is denied
    assert not conditions_hold(DENY_WITHOUT_MFA, {**known, "aws:MultiFactorAuthPresent": "true"})


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, "explicitDeny"),
        ({"aws:MultiFactorAuthPresent": "false"}, "explicitDeny"),
        ({"aws:multifactorauthpresent": "true"}, "allowed"),
    ],
)
def test_the_simulator_evaluates_the_mfa_condition(iam: Any, user: str, context: dict[str, str], expected: str) -> None:
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=_statements(ALLOW_ALL, DENY_WITHOUT_MFA))
    entries = [
        {"ContextKeyName": name, "ContextKeyType": "boolean", "ContextKeyValues": [value]}
        for name, value in context.items()
    ]
    (result,) = iam.simulate_principal_policy(
        PolicySourceArn=iam.get_user(UserName=user)["User"]["Arn"],
        ActionNames=["ec2:RunInstances"],
        ContextEntries=entries,
    )["EvaluationResults"]
    assert result["EvalDecision"] == expected
    assert result["MatchedStatements"][0]["SourcePolicyId"] == "p"
    needed = ["aws:ViaAWSService"] if context else ["aws:MultiFactorAuthPresent", "aws:ViaAWSService"]
    assert result["MissingContextValues"] == needed


def test_the_simulator_evaluates_users_groups_and_roles(iam: Any, refused: Any, user: str, demo: DemoAccount) -> None:
    def decisions(kind: str, *actions: str) -> list[str]:
        arn = f"arn:aws:iam::{demo.account_id}:{kind}"
        results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions)["EvaluationResults"]
        return [result["EvalDecision"] for result in results]

    assert decisions("user/ops-admin", "iam:CreateUser", "kms:Encrypt") == ["allowed", "allowed"]
    assert decisions(f"user/breakglass/{user}", "iam:CreateUser") == ["implicitDeny"]
    assert decisions("user/bob", "iam:CreateUser", "ec2:RunInstances") == ["implicitDeny", "allowed"]
    assert decisions("group/billing", "ec2:RunInstances") == ["implicitDeny"]
    assert decisions("role/EmergencyAdmin", "ec2:RunInstances") == ["allowed"]
    with refused("NoSuchEntity"):
        decisions("user/nobody", "iam:CreateUser")
    with refused("InvalidInput"):
        decisions("user/bob", "nonsense")


def test_the_simulator_accepts_documents(iam: Any, document: Any) -> None:
    (result,) = iam.simulate_custom_policy(
        PolicyInputList=[document(action="s3:Get?bject", resource="arn:aws:s3:::b/*")],
        ActionNames=["s3:GetObject"],
        ResourceArns=["arn:aws:s3:::b/k"],
    )["EvaluationResults"]
    assert result["EvalDecision"] == "allowed"
