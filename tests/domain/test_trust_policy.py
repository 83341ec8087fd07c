"""The statement that lets the user assume a role, and whether it requires MFA."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.request import parse_request
from breakglass_tui.domain.trust_policy import MFA, requires_mfa, with_user

ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "sts:AssumeRole"}
GUARDED = {**ROOT, "Condition": {"Bool": {"aws:multifactorauthpresent": ["true"]}}}
SERVICE = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
DENY = {**ROOT, "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
TAGS = {**ROOT, "Action": "sts:TagSession"}


def asked(**fields):
    return parse_request({"region": "eu-west-1", **fields})


def test_the_statement_covers_only_this_user_and_this_call():
    *_, own = with_user({"Statement": [GUARDED]}, "X", "arn:aws:iam::1:user/a", mfa=False)["Statement"]
    assert own == {
        "Sid": "X",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::1:user/a"},
        "Action": "sts:AssumeRole",
    }
    *_, held = with_user({"Statement": [GUARDED]}, "X", "arn:aws:iam::1:user/a", mfa=True)["Statement"]
    assert held == {**own, "Condition": MFA}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([GUARDED], True),
        ([GUARDED, SERVICE, DENY, TAGS], True),
        (GUARDED, True),
        ([GUARDED, ROOT], False),
        ([ROOT], False),
        ([SERVICE], False),
        ([], False),
        ([{**ROOT, "Principal": "*", "Action": ["sts:*"]}, GUARDED], False),
        ([{**ROOT, "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}], False),
        ([{**ROOT, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}], False),
        ([{**ROOT, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}], False),
    ],
)
def test_a_user_with_a_device_needs_mfa_if_all_others_need_it(statements, expected):
    trust = {"Statement": statements}
    assert requires_mfa(asked(mfa="authenticator"), trust) is expected
    assert requires_mfa(asked(mfa="none"), trust) is False


def test_a_user_who_needs_mfa_for_everything_needs_it_for_the_role_too():
    assert requires_mfa(asked(mfa="authenticator", require_mfa=True), {"Statement": [ROOT]})
