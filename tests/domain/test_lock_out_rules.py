"""What a deny would take away, with MFA, without it, and for a plain key."""

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


def judged(statement, action, *, mfa=False):
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
def test_the_guardrail_demands_mfa_and_lets_the_first_sign_in_through(action, mfa, expected):
    assert judged(DENY_WITHOUT_MFA, action, mfa=mfa) is expected


def test_the_much_copied_sample_locks_the_first_sign_in_out():
    assert judged([SAMPLE], "iam:ChangePassword", mfa=False) is DeniedAction.YES
    assert judged([SAMPLE], "iam:EnableMFADevice", mfa=False) is DeniedAction.NO


def test_bool_lets_a_plain_key_through_where_boolifexists_does_not():
    bare = {**SAMPLE, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": False}}}
    assert judged(bare, "s3:GetObject", mfa=None) is DeniedAction.NO
    assert judged(bare, "s3:GetObject", mfa=False) is DeniedAction.YES


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
def test_statements_are_read_as_iam_reads_them(statement, expected):
    assert judged(statement, "iam:ChangePassword") is expected


def test_one_sure_deny_outweighs_a_doubtful_one():
    doubtful = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:TokenIssueTime": "true"}}}
    assert judged([doubtful, SAMPLE], "iam:ChangePassword", mfa=False) is DeniedAction.YES
    assert judged([doubtful], "iam:ChangePassword", mfa=False) is DeniedAction.MAYBE
