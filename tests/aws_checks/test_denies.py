"""The check ``denies``."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.aws.checks.denies import EMERGENCY, DeniesCheck
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.policy import inline_document


def deny(*actions, **more):
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(DeniesCheck(bench.clients, subject))


@pytest.fixture
def user(bench, make_user):
    return make_user(policy=inline_document(bench.account.admin_policy, require_mfa=False))


def test_an_administrator_without_a_deny_passes(user, check):
    result = check(user.subject(access="both"))
    assert result.status is CheckStatus.PASS
    assert len(EMERGENCY) == 11
    assert result.found == (
        "all 11 sampled actions allowed without MFA; all 11 sampled actions allowed with the access key alone"
    )
    assert sum(call.operation == "iam:SimulatePrincipalPolicy" for call in result.calls) == 2


def test_an_explicit_deny_fails_with_the_policy_that_contains_it(bench, user, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName="barrier", PolicyDocument=deny("ec2:*", "s3:*"))
    result = check(user.subject())
    assert result.status is CheckStatus.FAIL
    assert "ec2:StopInstances by " in result.found
    assert "barrier" in result.found
    assert result.remedy
    assert 59 <= bench.clock.waited <= 62


def test_a_missing_permission_fails_for_a_user_that_must_be_administrator(make_user, check):
    result = check(make_user().seen_by_another_process(access="console"))
    assert result.status is CheckStatus.FAIL
    assert "not allowed" in result.found


def test_an_unmanaged_user_may_be_restricted_but_not_in_everything(bench, user, make_user, check):
    bench.iam.put_user_policy(UserName=user.name, PolicyName="barrier", PolicyDocument=deny("ec2:*"))
    assert check(user.seen_by_another_process()).status is CheckStatus.WARN
    shut = make_user()
    bench.iam.put_user_policy(UserName=shut.name, PolicyName="barrier", PolicyDocument=deny("*"))
    assert check(shut.seen_by_another_process()).status is CheckStatus.FAIL


def test_an_unmanaged_user_without_permissions_has_no_explicit_deny_and_no_allow(bench, make_user, check):
    user = make_user()
    result = check(user.seen_by_another_process())
    assert (result.status, result.expected) == (CheckStatus.PASS, "no explicit deny of 11 sampled actions")
    assert "no explicit deny without MFA, but no policy allows 11 of the 11 sampled actions" in result.found
    bench.iam.put_user_policy(UserName=user.name, PolicyName="barrier", PolicyDocument=deny("ec2:*"))
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.WARN
    assert "no explicit deny" not in result.found
    assert "no policy allows 10 of the 11 sampled actions without MFA" in result.found


def test_the_guardrail_is_no_deny_for_a_user_with_a_device(bench, make_user, check):
    user = make_user(policy=inline_document(bench.account.admin_policy, require_mfa=True))
    bench.device_for(user)
    result = check(user.subject(mfa="sealed", require_mfa=True))
    assert result.status is CheckStatus.PASS
    assert "with MFA" in result.found


def test_an_organization_that_denies_is_named(user, check, bend):
    def spoil(answer):
        answer["EvaluationResults"][0].update(
            EvalDecision="explicitDeny", OrganizationsDecisionDetail={"AllowedByOrganizations": False}
        )

    bend("simulate_principal_policy", spoil)
    assert (
        "iam:CreateAccessKey by a policy of the organization"
        in check(user.seen_by_another_process(access="console")).found
    )


def test_a_denied_simulation_is_a_skip(user, check, refuse):
    refuse("simulate_principal_policy", "AccessDenied")
    result = check(user.subject())
    assert result.status is CheckStatus.SKIP
    assert "iam:SimulatePrincipalPolicy" in result.found


def test_an_endpoint_without_a_simulator_is_a_skip(user, check, refuse):
    refuse("simulate_principal_policy", "NotImplemented")
    assert check(user.subject()).status is CheckStatus.SKIP
