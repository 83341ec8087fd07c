"""The check ``password-policy``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.aws.checks.credential_report import REPORT_WAIT_S
from breakglass_tui.aws.checks.password_policy import PasswordPolicyCheck
from breakglass_tui.domain.checks import MISSION, CheckResult, CheckStatus, Verdict, readiness

PROVEN = [CheckResult(id, title, CheckStatus.PASS, "", "") for id, title in MISSION.items()]
"""The results of a user that is otherwise READY."""


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(PasswordPolicyCheck(bench.clients, subject))


@pytest.fixture
def rules(bend):
    """Return a function that changes rules of the answer, because all tests share the account."""
    return lambda **changed: bend(
        "get_account_password_policy", lambda answer: answer["PasswordPolicy"].update(changed)
    )


@pytest.fixture
def aged(simulated):
    """Return a function that sets the age of a user's password in days. The next report has that age."""

    def age(user, days):
        simulated.age_password(user.name, days)
        simulated._server.run_locked(lambda world: setattr(world, "report", None))

    return age


def test_a_strong_policy_without_expiry_passes(make_user, check):
    result = check(make_user(console=False).subject())
    assert result.status is CheckStatus.PASS
    assert result.found.startswith("passwords do not expire")


def test_a_password_that_expires_in_months_is_reported_with_its_date(make_user, check, rules):
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(make_user(console=False).subject())
    ends = datetime.now(UTC) + timedelta(days=90)
    assert result.status is CheckStatus.WARN
    assert f"expires on {ends:%Y-%m-%d}" in result.found
    assert "estimate" not in result.found
    assert "HardExpiry" not in result.found
    assert "update-account-password-policy" in result.remedy
    assert not result.caution
    assert not result.unproven


@pytest.mark.parametrize(("age", "risk"), [(59, False), (60, True), (89, True)])
def test_a_password_that_expires_within_thirty_days_is_a_risk(make_user, check, rules, aged, age, risk):
    user = make_user(console=False)
    aged(user, age)
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(user.subject())
    ends = datetime.now(UTC) + timedelta(days=90 - age)
    assert result.status is CheckStatus.WARN
    assert (f"expires on {ends:%Y-%m-%d}" in result.caution) is risk
    assert not result.pending


def test_the_report_has_the_date_of_the_last_change(bench, make_user, check, rules, aged):
    """The login profile keeps its date when the password changes. Only the report shows the change."""
    user = make_user(console=False)
    aged(user, 200)
    bench.iam.update_login_profile(UserName=user.name, Password="Kept-Nowhere-78-Kept")
    rules(ExpirePasswords=True, MaxPasswordAge=90, HardExpiry=True)
    result = check(user.seen_by_another_process())
    changed, ends = datetime.now(UTC), datetime.now(UTC) + timedelta(days=90)
    assert result.status is CheckStatus.WARN
    assert f"set on {changed:%Y-%m-%d} and expires on {ends:%Y-%m-%d}" in result.found
    assert {"iam:GenerateCredentialReport", "iam:GetCredentialReport"} < {call.operation for call in result.calls}


def test_an_expired_password_that_only_an_administrator_can_replace_fails(make_user, check, rules, aged):
    user = make_user(console=False)
    aged(user, 100)
    rules(ExpirePasswords=True, MaxPasswordAge=90, HardExpiry=True)
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.FAIL
    assert f"expired on {datetime.now(UTC) - timedelta(days=10):%Y-%m-%d}" in result.found
    assert "only an administrator" in result.found
    assert "credential report of" in result.found
    assert readiness([*PROVEN, result]).verdict is Verdict.NOT_READY


def test_an_expired_password_is_a_step_left(make_user, check, rules, aged):
    user = make_user(console=False)
    aged(user, 100)
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.WARN
    assert "an IAM write" in result.pending
    assert result.clears
    verdict = readiness([*PROVEN, result])
    assert (verdict.verdict, verdict.words) == (Verdict.NEEDS_CONTROL_PLANE, "1 STEP LEFT")


def test_an_expired_temporary_password_is_the_step_of_the_first_sign_in(make_user, check, rules, aged):
    user = make_user(console=True)
    aged(user, 100)
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(user.seen_by_another_process())
    assert "expired on" in result.found
    assert not result.pending, "the check access reports that step"


def test_a_report_that_is_older_than_a_sign_in_proves_nothing(make_user, check, rules, aged, bend):
    user = make_user(console=False)
    aged(user, 100)
    bend("get_user", lambda answer: answer["User"].update(PasswordLastUsed=datetime.now(UTC) + timedelta(seconds=5)))
    rules(ExpirePasswords=True, MaxPasswordAge=90, HardExpiry=True)
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.WARN
    assert "older than the last sign-in" in result.found
    assert result.unproven


def test_a_user_that_is_newer_than_the_report_has_the_date_of_its_login_profile(bench, make_user, check, rules, aged):
    aged(make_user(console=False), 1)
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    check(make_user(console=False).subject())
    result = check(make_user(console=False).subject())
    assert f"expires on {datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}" in result.found
    assert "estimate" not in result.found


@pytest.mark.parametrize("operation", ["get_credential_report", "generate_credential_report"])
def test_without_the_report_the_date_is_called_an_estimate(make_user, check, rules, aged, refuse, operation):
    user = make_user(console=False)
    aged(user, 80)
    refuse(operation, "AccessDenied")
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.WARN
    assert f"expires on {datetime.now(UTC) + timedelta(days=10):%Y-%m-%d} or later" in result.found
    assert "estimate" in result.found
    assert "estimate" in result.caution
    assert not result.unproven, "a later change only moves the date"


@pytest.mark.parametrize("hard", [True, False])
def test_without_the_report_an_old_password_is_not_proven(make_user, check, rules, aged, refuse, hard):
    user = make_user(console=False)
    aged(user, 100)
    refuse("get_credential_report", "AccessDenied")
    rules(ExpirePasswords=True, MaxPasswordAge=90, HardExpiry=hard)
    result = check(user.seen_by_another_process())
    assert result.status is CheckStatus.WARN
    assert "estimate" in result.found
    assert "iam:GetCredentialReport" in result.remedy
    assert readiness([*PROVEN, result]).words == "NOT PROVEN"


def test_a_report_that_never_ends_is_an_estimate(bench, make_user, check, rules, aged, refuse):
    user = make_user(console=False)
    aged(user, 80)
    refuse("get_credential_report", "ReportInProgress")
    rules(ExpirePasswords=True, MaxPasswordAge=90)
    result = check(user.seen_by_another_process())
    assert "still being generated" in result.found
    assert bench.clock.waited <= REPORT_WAIT_S + 1


def test_a_user_without_a_password_has_none_that_expires(make_user, check, rules):
    rules(ExpirePasswords=True, MaxPasswordAge=90, HardExpiry=True)
    result = check(make_user().seen_by_another_process())
    assert result.status is CheckStatus.PASS
    assert "has no password" in result.found
    assert not any("CredentialReport" in call.operation for call in result.calls)


def test_without_expiry_no_report_is_read(make_user, check):
    result = check(make_user(console=False).subject())
    assert not any("CredentialReport" in call.operation for call in result.calls)


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


def test_a_denied_read_of_the_login_profile_is_a_skip(make_user, check, refuse):
    refuse("get_login_profile", "AccessDenied")
    assert check(make_user(console=False).subject()).status is CheckStatus.SKIP


def test_a_password_under_unknown_rules_is_not_proven(make_user, check, refuse):
    refuse("get_account_password_policy", "AccessDenied")
    result = check(make_user(console=False).subject())
    assert result.status is CheckStatus.WARN
    assert "iam:GetAccountPasswordPolicy" in result.found
    assert readiness([*PROVEN, result]).words == "NOT PROVEN"


def test_unknown_rules_do_not_matter_without_a_password(make_user, check, refuse):
    refuse("get_account_password_policy", "AccessDenied")
    assert check(make_user().seen_by_another_process()).status is CheckStatus.SKIP
