"""The checks ``key-age`` and ``last-use``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.aws.checks.key_age import KeyAgeCheck
from breakglass_tui.aws.checks.last_use import LastUseCheck
from breakglass_tui.domain.checks import NEEDS_USER, CheckStatus


@pytest.fixture
def age(bench):
    return lambda subject: bench.inspect(KeyAgeCheck(bench.clients, subject))


@pytest.fixture
def use(bench):
    return lambda subject: bench.inspect(LastUseCheck(bench.clients, subject))


def ago(days):
    return datetime.now(UTC) - timedelta(days=days, minutes=1)


@pytest.mark.parametrize(("days", "status"), [(89, CheckStatus.PASS), (90, CheckStatus.WARN)])
def test_a_key_of_ninety_days_is_due(bench, make_user, age, bend, days, status):
    user = bench.key_for(make_user())
    bend("list_access_keys", lambda answer: answer["AccessKeyMetadata"][0].update(CreateDate=ago(days)))
    result = age(user.subject(access="programmatic"))
    assert result.status is status
    assert f"was created {days} days ago" in result.found
    assert bool(result.remedy) is (status is CheckStatus.WARN)


def test_an_inactive_key_has_no_age_and_a_missing_user_no_keys(bench, make_user, age):
    user = bench.key_for(make_user())
    bench.iam.update_access_key(UserName=user.name, AccessKeyId=user.access_key_id, Status="Inactive")
    assert age(user.seen_by_another_process()).found == "no active access key"
    user = make_user()
    bench.iam.delete_user(UserName=user.name)
    assert age(user.seen_by_another_process()).found == NEEDS_USER


def test_keys_that_may_not_be_listed_are_a_skip(make_user, age, refuse):
    refuse("list_access_keys", "AccessDenied")
    assert age(make_user().seen_by_another_process()).status is CheckStatus.SKIP


def test_an_unused_credential_is_due_for_a_drill_and_is_a_risk(make_user, use):
    result = use(make_user(console=False).subject())
    due = datetime.now(UTC) + timedelta(days=45)
    assert result.status is CheckStatus.WARN
    assert f"was never used, a drill is due by {due:%Y-%m-%d}" in result.found
    assert result.caution == "Never used in a drill: the console password"
    assert "drill" in result.clears


def test_several_unused_credentials_are_one_risk(bench, make_user, use):
    user = bench.key_for(make_user(console=False))
    result = use(user.seen_by_another_process(access="both"))
    assert result.caution == f"Never used in a drill: the console password, access key {user.access_key_id}"


@pytest.mark.parametrize(("days", "status"), [(45, CheckStatus.PASS), (46, CheckStatus.WARN)])
def test_a_password_that_was_not_used_for_longer_than_45_days_is_overdue(make_user, use, bend, days, status):
    bend("get_user", lambda answer: answer["User"].update(PasswordLastUsed=ago(days)))
    result = use(make_user(console=False).subject())
    assert result.status is status
    assert result.caution == ("Drill overdue: the console password was last used 46 days ago" if days > 45 else "")


def test_the_last_use_is_read_from_aws_except_for_a_key_that_this_process_has_just_tested(bench, make_user, use):
    user = bench.key_for(make_user())
    own = use(user.subject(access="programmatic"))
    assert "never used" in own.found
    assert "iam:GetAccessKeyLastUsed" not in {call.operation for call in own.calls}
    assert "iam:GetAccessKeyLastUsed" in {call.operation for call in use(user.seen_by_another_process()).calls}


def test_the_last_use_of_a_key_counts(bench, make_user, use, bend):
    user = bench.key_for(make_user())
    bend("get_access_key_last_used", lambda answer: answer["AccessKeyLastUsed"].update(LastUsedDate=ago(10)))
    result = use(user.seen_by_another_process(access="programmatic"))
    assert result.status is CheckStatus.PASS
    assert "last used 10 days ago" in result.found


@pytest.mark.parametrize("operation", ["get_user", "list_access_keys", "get_access_key_last_used"])
def test_a_denied_read_is_a_skip(bench, make_user, use, refuse, operation):
    user = bench.key_for(make_user())
    refuse(operation, "AccessDenied")
    assert use(user.seen_by_another_process()).status is CheckStatus.SKIP
