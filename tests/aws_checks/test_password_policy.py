"""The check ``password-policy``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.aws.checks.password_policy import PasswordPolicyCheck
from breakglass_tui.domain.checks import CheckStatus


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(PasswordPolicyCheck(bench.clients, subject))


@pytest.fixture
def rules(bend):
    """Return a function that changes rules of the answer, because all tests share the account."""
    return lambda **changed: bend(
        "get_account_password_policy", lambda answer: answer["PasswordPolicy"].update(changed)
    )


def test_a_strong_policy_without_expiry_passes(make_user, check):
    result = check(make_user(console=False).subject())
    assert result.status is CheckStatus.PASS
    assert result.found.startswith("passwords do not expire")


def test_a_password_that_will_expire_is_a_risk_with_its_date(make_user, check, rules):
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(make_user(console=False).subject())
    ends = datetime.now(UTC) + timedelta(days=90)
    assert result.status is CheckStatus.WARN
    assert f"this one expires on {ends:%Y-%m-%d}" in result.found
    assert "expires on" in result.caution
    assert "HardExpiry" not in result.found
    assert "update-account-password-policy" in result.remedy


def test_an_expired_password_that_only_an_administrator_can_replace_is_reported(make_user, check, rules, bend):
    rules(ExpirePasswords=True, MaxPasswordAge=90, HardExpiry=True)
    long_ago = datetime.now(UTC) - timedelta(days=100)
    bend("get_login_profile", lambda answer: answer["LoginProfile"].update(CreateDate=long_ago))
    result = check(make_user(console=False).subject())
    assert result.status is CheckStatus.WARN
    assert "has expired on" in result.found
    assert "only an administrator" in result.found


@pytest.mark.parametrize("weak", [{"MinimumPasswordLength": 13}, {"PasswordReusePrevention": 23}])
def test_a_weak_rule_is_reported(make_user, check, rules, weak):
    rules(**weak)
    result = check(make_user(console=False).subject())
    assert result.status is CheckStatus.WARN
    assert str(*weak.values()) in result.found
    assert not result.caution


def test_an_account_without_a_policy_has_weak_rules(make_user, check, refuse):
    refuse("get_account_password_policy", "NoSuchEntity")
    result = check(make_user(console=False).subject())
    assert result.status is CheckStatus.WARN
    assert "no password policy" in result.found


@pytest.mark.parametrize("operation", ["get_account_password_policy", "get_login_profile"])
def test_a_denied_read_is_a_skip(make_user, check, refuse, operation):
    refuse(operation, "AccessDenied")
    assert check(make_user(console=False).subject()).status is CheckStatus.SKIP
