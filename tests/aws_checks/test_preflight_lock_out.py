"""The preflight check lock-out: it finds a policy that locks out the user before the first write."""

from __future__ import annotations

import itertools
import json

import pytest

from breakglass_tui.aws.preflight.lock_out import LockOutPreflight
from breakglass_tui.domain.checks import CheckStatus

_numbers = itertools.count()
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
SAMPLE = {
    "Effect": "Deny",
    "NotAction": ["iam:EnableMFADevice", "sts:GetSessionToken"],
    "Resource": "*",
    "Condition": WITHOUT_MFA,
}
EXCEPTED = {**SAMPLE, "NotAction": ["iam:ChangePassword"]}
NEVER = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
FROM_HOME = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
}


@pytest.fixture
def group(bench):
    """``group(statement, managed=True)``: create a group with that policy, and return its name."""

    def make(statement, *, managed=False):
        name = f"lock-out-{next(_numbers)}"
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        bench.iam.create_group(GroupName=name)
        if managed:
            arn = bench.iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]
            bench.iam.attach_group_policy(GroupName=name, PolicyArn=arn)
        else:
            bench.iam.put_group_policy(GroupName=name, PolicyName="guard", PolicyDocument=document)
        return name

    return make


@pytest.fixture
def inspect(bench, tmp_path):
    return lambda **fields: bench.inspect(LockOutPreflight(bench.clients, bench.setup(tmp_path, **fields)))


def test_the_guardrail_allows_the_first_sign_in(inspect):
    result = inspect(mfa="sealed", require_mfa=True)
    assert result.status is CheckStatus.PASS
    assert "change the password at the first sign-in" in result.found


def test_a_harmless_group_passes(inspect):
    assert inspect(groups=["emergency"]).status is CheckStatus.PASS


@pytest.mark.parametrize("managed", [False, True])
@pytest.mark.parametrize(
    ("statement", "fields", "status", "word"),
    [
        (SAMPLE, {}, CheckStatus.FAIL, "will have no MFA device"),
        (SAMPLE, {"access": "programmatic"}, CheckStatus.FAIL, "the access key"),
        (EXCEPTED, {"mfa": "authenticator"}, CheckStatus.PASS, "no policy denies"),
        (SAMPLE, {"mfa": "sealed"}, CheckStatus.WARN, "the first sign-in may fail"),
        (SAMPLE, {"mfa": "sealed", "password_reset_required": False}, CheckStatus.PASS, "no policy denies"),
        (NEVER, {"mfa": "sealed"}, CheckStatus.FAIL, "even with MFA"),
        (FROM_HOME, {}, CheckStatus.WARN, "cannot be evaluated"),
    ],
)
def test_a_deny_in_a_group_is_found_before_anything_is_written(
    inspect, group, managed, statement, fields, status, word
):
    name = group(statement, managed=managed)
    result = inspect(groups=[name], **fields)
    assert result.status is status
    assert word in result.found
    if status is not CheckStatus.PASS:
        assert name in result.found
        assert result.remedy
    assert any(call.request_id for call in result.calls)


def test_a_first_sign_in_that_cannot_set_the_password_fails_without_a_device(inspect, group):
    deny = {"Effect": "Deny", "Action": "iam:ChangePassword", "Resource": "*", "Condition": WITHOUT_MFA}
    result = inspect(groups=[group(deny)])
    assert result.status is CheckStatus.FAIL
    assert "the first sign-in fails" in result.found
    assert "password_reset_required" in result.remedy


def test_policies_that_may_not_be_read_are_a_skip(inspect, group, refuse):
    name = group(SAMPLE)
    refuse("list_group_policies", "AccessDenied")
    assert inspect(groups=[name]).status is CheckStatus.SKIP
