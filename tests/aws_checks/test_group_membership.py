"""The check ``group-membership``."""

from __future__ import annotations

import pytest

from breakglass_tui.aws.checks.group_membership import GroupMembershipCheck
from breakglass_tui.domain.checks import NEEDS_USER, CheckStatus


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(GroupMembershipCheck(bench.clients, subject, subject.request.groups))


@pytest.fixture
def join(bench):
    return lambda user, group: bench.iam.add_user_to_group(UserName=user.name, GroupName=group)


def test_a_member_passes(make_user, check, join):
    user = make_user()
    join(user, "emergency")
    result = check(user.subject(groups=["emergency"]))
    assert result.status is CheckStatus.PASS
    assert result.found == "member of emergency"


def test_a_missing_membership_fails_after_a_minute_with_the_command_that_adds_it(bench, make_user, check):
    user = make_user()
    result = check(user.subject(groups=["emergency"]))
    assert result.status is CheckStatus.FAIL
    assert f"aws iam add-user-to-group --user-name {user.name} --group-name emergency" in result.remedy
    assert 59 <= bench.clock.waited <= 62


def test_a_membership_that_is_not_listed_yet_is_waited_for(bench, make_user, check, join, refuse):
    user = make_user()
    join(user, "emergency")
    refuse("list_groups_for_user", "NoSuchEntity", times=2)
    assert check(user.subject(groups=["emergency"])).status is CheckStatus.PASS
    assert 2 <= bench.clock.waited < 60


def test_an_additional_group_is_a_warning(make_user, check, join):
    user = make_user()
    join(user, "emergency")
    join(user, "billing")
    result = check(user.subject(groups=["emergency"]))
    assert result.status is CheckStatus.WARN
    assert "also a member of billing" in result.found
    assert "remove-user-from-group" in result.remedy


def test_an_old_user_is_not_waited_for(bench, make_user, check):
    assert check(make_user().seen_by_another_process(groups=["emergency"])).status is CheckStatus.FAIL
    assert bench.clock.waited == 0


def test_a_denied_list_is_a_skip(make_user, check, refuse):
    refuse("list_groups_for_user", "AccessDenied")
    assert check(make_user().subject(groups=["emergency"])).status is CheckStatus.SKIP


def test_groups_of_a_missing_user_need_the_user(bench, make_user, check):
    user = make_user()
    bench.iam.delete_user(UserName=user.name)
    result = check(user.seen_by_another_process(groups=["emergency"]))
    assert (result.status, result.found) == (CheckStatus.SKIP, NEEDS_USER)


def test_group_names_with_markup_stay_text(make_user, check, bend):
    bend("list_groups_for_user", lambda answer: answer.update(Groups=[{"GroupName": "[/]\x1b[2J"}]))
    result = check(make_user().seen_by_another_process(groups=["emergency"]))
    assert "[/]\\x1b[2J" in result.found
    assert "\x1b" not in result.remedy
