"""The check ``mfa-enforcement``."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.aws.checks.mfa_enforcement import MfaEnforcementCheck
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document

BARE_DENY = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(MfaEnforcementCheck(bench.clients, subject))


@pytest.fixture
def made(bench, make_user):
    """Return a function that creates a user with AdministratorAccess, guarded or not, with a device or without."""

    def make(*, guarded, device=True, **more):
        user = make_user(policy=inline_document(bench.account.admin_policy, require_mfa=guarded), **more)
        if device:
            bench.device_for(user)
        return user

    return make


def test_the_guardrail_denies_without_mfa_and_with_the_key_alone_but_not_with_mfa(made, check):
    result = check(made(guarded=True).subject(mfa="sealed", require_mfa=True))
    assert result.status is CheckStatus.PASS
    assert result.found == "not denied with MFA; denied without MFA; denied with the access key alone"
    assert sum(call.operation == "iam:SimulatePrincipalPolicy" for call in result.calls) == 3


def test_a_missing_guardrail_fails_with_the_policy_that_restores_it(bench, made, check):
    result = check(made(guarded=False).subject(mfa="sealed", require_mfa=True))
    assert result.status is CheckStatus.FAIL
    assert "not denied without MFA: ec2:StopInstances, iam:PutUserPolicy" in result.found
    assert "DenyWithoutMFA" in result.remedy
    assert bench.clock.waited >= 59


def test_bool_without_ifexists_does_not_deny_the_key_alone(bench, made, check):
    user = made(guarded=False)
    statement = {**BARE_DENY, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bench.iam.put_user_policy(UserName=user.name, PolicyName="weak", PolicyDocument=document)
    result = check(user.seen_by_another_process(mfa="sealed", require_mfa=True))
    assert result.status is CheckStatus.FAIL
    assert "not denied with the access key alone: ec2:StopInstances, iam:PutUserPolicy" in result.found


def test_a_device_that_no_policy_requires_does_not_protect_a_key(made, check):
    result = check(made(guarded=False).subject(access="both", mfa="sealed"))
    assert result.status is CheckStatus.WARN
    assert result.found == "the access key works without the MFA device; not denied with MFA"


def test_the_console_requires_a_device_without_a_policy(made, check):
    assert check(made(guarded=False).subject(mfa="sealed")).status is CheckStatus.PASS


def test_a_deny_without_mfa_and_no_device_is_a_lock_out(made, check):
    result = check(made(guarded=True, device=False).seen_by_another_process())
    assert result.status is CheckStatus.FAIL
    assert "locked out" in result.found


def test_neither_a_device_nor_a_deny_is_a_warning(made, check):
    assert check(made(guarded=False, device=False).seen_by_another_process()).status is CheckStatus.WARN


def test_a_deny_that_applies_with_mfa_too_fails(bench, made, check):
    user = made(guarded=False)
    statement = {"Effect": "Deny", "Action": "iam:PutUserPolicy", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    bench.iam.put_user_policy(UserName=user.name, PolicyName="always", PolicyDocument=document)
    result = check(user.seen_by_another_process(mfa="sealed"))
    assert result.status is CheckStatus.FAIL
    assert "denied even with MFA: iam:PutUserPolicy" in result.found


@pytest.mark.parametrize(("reset", "status"), [(True, CheckStatus.FAIL), (False, CheckStatus.WARN)])
def test_a_deny_that_includes_the_password_change_locks_out_at_the_first_sign_in(bench, made, check, reset, status):
    user = made(guarded=False, console=reset)
    document = json.dumps({"Version": "2012-10-17", "Statement": [BARE_DENY]})
    bench.iam.put_user_policy(UserName=user.name, PolicyName="bare", PolicyDocument=document)
    result = check(user.seen_by_another_process(mfa="sealed", require_mfa=True))
    assert result.status is status
    assert "iam:ChangePassword is denied without MFA" in result.found


def test_a_denied_simulation_is_a_skip(made, check, refuse):
    refuse("simulate_principal_policy", "AccessDenied")
    assert check(made(guarded=True).subject(mfa="sealed", require_mfa=True)).status is CheckStatus.SKIP
