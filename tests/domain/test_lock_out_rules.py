"""Evaluates deny statements: with MFA, without MFA, and for a plain access key."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.lock_out_rules import DeniedAction, denied
from breakglass_tui.domain.policy import DENY_WITHOUT_MFA

USER = "arn:aws:iam::123456789012:user/breakglass/bg"
SAMPLE = {
    "Effect": "Deny",
    "NotAction": ["iam:CreateVirtualMFADevice", "iam:Enable*", "sts:GetSessionToken"],
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
}

ELSEWHERE = {
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
}


def evaluated(statement, action, *, mfa=False):
    return denied({"Statement": statement}, action, USER, mfa=mfa)


@pytest.mark.parametrize(
    ("action", "mfa", "expected"),
    [
        ("ec2:StopInstances", True, DeniedAction.NO),
        ("ec2:StopInstances", False, DeniedAction.YES),
        ("ec2:StopInstances", None, DeniedAction.YES),
        ("iam:ChangePassword", False, DeniedAction.NO),
        ("IAM:changepassword", False, DeniedAction.NO),
        ("sts:GetSessionToken", None, DeniedAction.NO),
    ],
)
def test_the_guardrail_requires_mfa_and_allows_the_first_sign_in(action, mfa, expected):
    assert evaluated(DENY_WITHOUT_MFA, action, mfa=mfa) is expected


def test_a_condition_on_calls_of_a_service_is_that_of_a_direct_call():
    def deny(operator, value):
        return {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {operator: {"aws:ViaAWSService": value}}}

    assert evaluated(deny("Bool", "false"), "ec2:StopInstances") is DeniedAction.YES
    assert evaluated(deny("BoolIfExists", "false"), "ec2:StopInstances", mfa=None) is DeniedAction.YES
    assert evaluated(deny("Bool", "true"), "ec2:StopInstances") is DeniedAction.NO
    assert evaluated(deny("StringEquals", "false"), "ec2:StopInstances") is DeniedAction.MAYBE


def test_the_widely_copied_sample_blocks_the_first_sign_in():
    assert evaluated([SAMPLE], "iam:ChangePassword", mfa=False) is DeniedAction.YES
    assert evaluated([SAMPLE], "iam:EnableMFADevice", mfa=False) is DeniedAction.NO


def test_bool_does_not_deny_a_plain_key_and_boolifexists_does():
    bare = {**SAMPLE, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": False}}}
    assert evaluated(bare, "s3:GetObject", mfa=None) is DeniedAction.NO
    assert evaluated(bare, "s3:GetObject", mfa=False) is DeniedAction.YES


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Effect": "Allow", "Action": "*", "Resource": "*"}, DeniedAction.NO),
        ({"Effect": "Deny", "Action": "iam:*", "Resource": "*"}, DeniedAction.YES),
        ({"Effect": "Deny", "Action": ["s3:*"], "Resource": "*"}, DeniedAction.NO),
        ({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::*"}, DeniedAction.NO),
        ({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:iam::*:user/*"}, DeniedAction.YES),
        ({"Effect": "Deny", "Action": "*", "NotResource": USER}, DeniedAction.NO),
        (
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
            },
            DeniedAction.MAYBE,
        ),
        (
            {**SAMPLE, "Condition": {**SAMPLE["Condition"], "StringEquals": {"aws:RequestedRegion": "x"}}},
            DeniedAction.MAYBE,
        ),
    ],
)
def test_statements_are_evaluated_as_iam_evaluates_them(statement, expected):
    assert evaluated(statement, "iam:ChangePassword") is expected


def test_a_certain_deny_outweighs_a_possible_one():
    doubtful = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:TokenIssueTime": "true"}}}
    assert evaluated([doubtful, SAMPLE], "iam:ChangePassword", mfa=False) is DeniedAction.YES
    assert evaluated([doubtful], "iam:ChangePassword", mfa=False) is DeniedAction.MAYBE
