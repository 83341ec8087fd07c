"""The check ``policies``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.aws.checks.denies import DeniesCheck
from breakglass_tui.aws.checks.policies import WHY, WHY_NONE, PoliciesCheck
from breakglass_tui.aws.checks.user_reads import UserReads
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.session_deny import SESSION_DENY, session_deny

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
        "iam:GetUserPolicy",
        "iam:ListAttachedUserPolicies",
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
    assert check(grouped.seen_by_another_process()).why == WHY
    result = check(nothing.seen_by_another_process())
    assert (result.status, result.why) == (CheckStatus.FAIL, WHY_NONE)
    assert "the user has no permissions" in result.found


@pytest.mark.parametrize("operation", ["get_user", "list_user_policies", "list_attached_user_policies"])
def test_a_denied_read_is_a_skip(user, check, refuse, operation):
    refuse(operation, "AccessDenied")
    assert check(user.subject()).status is CheckStatus.SKIP


def _minutes_from_now(minutes):
    return f"{datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def end_sessions(bench):
    """Return a function that gives a user the deny that ends sessions which are older than some minutes."""

    def put(user, minutes=-1, name=SESSION_DENY):
        document = json.dumps(session_deny(_minutes_from_now(minutes)))
        bench.iam.put_user_policy(UserName=user.name, PolicyName=name, PolicyDocument=document)

    return put


def test_the_deny_that_ends_sessions_is_a_warning_until_it_is_deleted(bench, user, check, end_sessions):
    end_sessions(user)
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"inline policy {SESSION_DENY} denies sessions issued before" in result.found
    assert "and never a long-term access key" in result.found
    assert f"aws iam delete-user-policy --user-name {user.name} --policy-name {SESSION_DENY}" in result.remedy
    bench.iam.delete_user_policy(UserName=user.name, PolicyName=SESSION_DENY)
    assert check(user.subject()).status is CheckStatus.PASS


def test_a_session_deny_of_the_future_fails_because_it_ends_new_sessions_too(user, check, end_sessions):
    end_sessions(user, minutes=5)
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert f"inline policy {SESSION_DENY} denies every session until" in result.found


def test_the_date_of_a_session_deny_is_compared_with_the_clock_of_aws(bench, user, end_sessions, monkeypatch):
    real = type(bench.clock).now
    monkeypatch.setattr(type(bench.clock), "now", lambda clock: real(clock) - timedelta(minutes=10))
    user = bench.key_for(user)
    end_sessions(user, minutes=-5)
    reads = UserReads(bench.clients, user.subject())
    assert bench.inspect(DeniesCheck(bench.clients, user.subject(access="programmatic"), reads=reads)).proof
    assert bench.inspect(PoliciesCheck(bench.clients, user.subject(), reads=reads)).status is CheckStatus.WARN


def test_a_session_deny_under_another_name_was_not_requested(user, check, end_sessions):
    end_sessions(user, name="extra")
    assert check(user.subject()).status is CheckStatus.FAIL


def test_another_policy_under_the_name_of_the_session_deny_fails(bench, user, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName=SESSION_DENY, PolicyDocument=json.dumps(ALLOW))
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert f"not requested: inline policy {SESSION_DENY}" in result.found


def test_a_session_deny_is_no_permission_of_an_unmanaged_user(make_user, check, end_sessions):
    user = make_user()
    end_sessions(user)
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.FAIL
    assert "the user has no permissions" in result.found


@pytest.mark.parametrize("require_mfa", [False, True])
def test_a_session_that_is_newer_than_the_deny_still_proves_the_user(bench, make_user, end_sessions, require_mfa):
    user = bench.key_for(make_user(policy=inline_document(bench.account.admin_policy, require_mfa=require_mfa)))
    fields = {"mfa": "sealed", "require_mfa": True, "mfa_serial": bench.device_for(user)} if require_mfa else {}
    end_sessions(user)
    result = bench.inspect(DeniesCheck(bench.clients, user.subject(access="programmatic", **fields)))
    assert result.status is CheckStatus.PASS, result.found
    assert "the user read its own data and passed a dry-run write" in result.found
    assert result.proof
