"""The check ``policies``."""

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


def test_the_requested_policy_alone_passes(user, check):
    result = check(user.subject())
    assert result.status is CheckStatus.PASS
    assert result.found == (
        "inline policies: BreakGlassAdministratorAccess; attached policies: none; no permissions boundary"
    )
    assert [call.operation for call in result.calls] == [
        "iam:GetUser",
        "iam:ListGroupsForUser",
        "iam:ListUserPolicies",
        "iam:ListAttachedUserPolicies",
        "iam:GetUserPolicy",
    ]


def test_an_unrequested_inline_policy_fails(bench, user, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName="extra", PolicyDocument=json.dumps(ALLOW))
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert "not requested: inline policy extra" in result.found
    assert f"delete-user-policy --user-name {user.name} --policy-name extra" in result.remedy


def test_an_attached_policy_fails(bench, user, check):
    bench.iam.attach_user_policy(UserName=user.name, PolicyArn=AUDIT)
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert f"detach-user-policy --user-name {user.name} --policy-arn {AUDIT}" in result.remedy


def test_an_unrequested_boundary_fails_and_one_on_an_unmanaged_user_is_a_warning(user, check, bend):
    bend("get_user", lambda answer: answer["User"].update(PermissionsBoundary={"PermissionsBoundaryArn": AUDIT}))
    own, unmanaged = check(user.subject()), check(user.seen_by_another_process())
    assert (own.status, unmanaged.status) == (CheckStatus.FAIL, CheckStatus.WARN)
    assert AUDIT in own.found
    assert "delete-user-permissions-boundary" in own.remedy


def test_a_boundary_that_limits_nothing_is_a_warning(user, check, bend):
    bend("get_user", lambda answer: answer["User"].update(PermissionsBoundary={"PermissionsBoundaryArn": ADMIN}))
    assert check(user.subject()).status is CheckStatus.WARN


def test_an_unmanaged_user_may_have_its_permissions_in_any_way_but_must_have_some(bench, make_user, check):
    attached, grouped, nothing = make_user(), make_user(), make_user()
    bench.iam.attach_user_policy(UserName=attached.name, PolicyArn=ADMIN)
    bench.iam.add_user_to_group(UserName=grouped.name, GroupName="auditors")
    assert check(attached.seen_by_another_process()).status is CheckStatus.PASS
    assert check(grouped.seen_by_another_process()).status is CheckStatus.PASS
    result = check(nothing.seen_by_another_process())
    assert result.status is CheckStatus.FAIL
    assert "the user has no permissions" in result.found


@pytest.mark.parametrize("operation", ["get_user", "list_user_policies", "list_attached_user_policies"])
def test_a_denied_read_is_a_skip(user, check, refuse, operation):
    refuse(operation, "AccessDenied")
    assert check(user.subject()).status is CheckStatus.SKIP
