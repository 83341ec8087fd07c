"""The check policies."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.aws.checks.policies import PoliciesCheck
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(PoliciesCheck(bench.clients, subject))


@pytest.fixture
def user(bench, make_user):
    return make_user(policy=inline_document(bench.account.admin_policy, require_mfa=False))


def test_the_policy_asked_for_alone_passes(user, check):
    result = check(user.subject())
    assert result.status is CheckStatus.PASS
    assert result.found == "inline BreakGlassAdministratorAccess; attached nothing; no permissions boundary"
    assert [call.operation for call in result.calls] == [
        "iam:GetUser",
        "iam:ListUserPolicies",
        "iam:ListAttachedUserPolicies",
    ]


def test_another_inline_policy_was_put_there_by_somebody(bench, user, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName="extra", PolicyDocument=json.dumps(ALLOW))
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert "not asked for: inline policy extra" in result.found
    assert f"delete-user-policy --user-name {user.name} --policy-name extra" in result.remedy


def test_an_attached_policy_was_put_there_by_somebody(bench, user, check):
    bench.iam.attach_user_policy(UserName=user.name, PolicyArn=AUDIT)
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert f"detach-user-policy --user-name {user.name} --policy-arn {AUDIT}" in result.remedy


def test_a_boundary_that_nobody_asked_for_fails_and_one_on_anothers_user_is_told(user, check, bend):
    bend("get_user", lambda answer: answer["User"].update(PermissionsBoundary={"PermissionsBoundaryArn": AUDIT}))
    own, unmanaged = check(user.subject()), check(user.seen_by_another())
    assert (own.status, unmanaged.status) == (CheckStatus.FAIL, CheckStatus.WARN)
    assert AUDIT in own.found
    assert "delete-user-permissions-boundary" in own.remedy


def test_a_boundary_that_caps_nothing_is_told(user, check, bend):
    bend("get_user", lambda answer: answer["User"].update(PermissionsBoundary={"PermissionsBoundaryArn": ADMIN}))
    assert check(user.subject()).status is CheckStatus.WARN


def test_anothers_user_may_have_its_rights_in_any_way_but_must_have_some(bench, make_user, check):
    attached, grouped, nothing = make_user(), make_user(), make_user()
    bench.iam.attach_user_policy(UserName=attached.name, PolicyArn=ADMIN)
    bench.iam.add_user_to_group(UserName=grouped.name, GroupName="auditors")
    assert check(attached.seen_by_another()).status is CheckStatus.PASS
    assert check(grouped.seen_by_another()).status is CheckStatus.PASS
    result = check(nothing.seen_by_another())
    assert result.status is CheckStatus.FAIL
    assert "it may do nothing" in result.found


@pytest.mark.parametrize("operation", ["get_user", "list_user_policies", "list_attached_user_policies"])
def test_a_denied_read_is_a_skip(user, check, refuse, operation):
    refuse(operation, "AccessDenied")
    assert check(user.subject()).status is CheckStatus.SKIP
