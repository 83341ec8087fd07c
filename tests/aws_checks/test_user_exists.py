"""The check ``user-exists``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.aws.checks.user_exists import UserExistsCheck
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.engine.cloud import Subject


def test_the_created_user_passes_with_its_arn_and_its_calls(bench, make_user):
    user = make_user()
    result = bench.inspect(UserExistsCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.PASS
    assert user.arn in result.expected
    assert f"{user.arn}, id {user.id}" in result.found
    assert [call.operation for call in result.calls] == ["iam:GetUser"] * 3
    assert all(call.request_id for call in result.calls)
    assert result.facts == {"user_arn": user.arn, "user_id": user.id}
    assert result.why


def test_an_old_user_is_read_once(bench, make_user):
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().seen_by_another_process()))
    assert result.status is CheckStatus.PASS
    assert len(result.calls) == 1


def test_a_missing_old_user_fails_without_waiting(bench):
    result = bench.inspect(UserExistsCheck(bench.clients, Subject("absent", bench.account)))
    assert result.status is CheckStatus.FAIL
    assert result.found == "user absent does not exist in account 123456789012"
    assert result.remedy
    assert bench.clock.waited == 0
    assert [call.error for call in result.calls] == ["NoSuchEntity"]


def test_a_new_user_that_iam_does_not_show_yet_is_waited_for(bench, make_user, refuse):
    refuse("get_user", "NoSuchEntity", times=4)
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.PASS
    assert 4 <= bench.clock.waited < 60
    assert [call.error for call in result.calls] == ["NoSuchEntity"] * 4 + [""] * 3


def test_a_new_user_that_never_appears_fails_after_a_minute(bench, make_user, refuse):
    refuse("get_user", "NoSuchEntity")
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.FAIL
    assert 59 <= bench.clock.waited <= 62


def test_a_user_with_another_path_fails_and_shows_both_arns(bench, make_user):
    user = make_user(path="/elsewhere/")
    result = bench.inspect(UserExistsCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.FAIL
    assert user.arn in result.found
    assert ":user/breakglass/" in result.expected
    assert "aws iam update-user" in result.remedy


def test_without_a_request_any_path_passes(bench, make_user):
    user = make_user(path="/elsewhere/", tags={})
    result = bench.inspect(UserExistsCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.PASS
    assert "not tagged breakglass-tui:managed" in result.found


def test_a_user_that_was_deleted_and_created_again_fails(bench, make_user):
    user = make_user()
    bench.iam.delete_user(UserName=user.name)
    again = make_user(name=user.name)
    result = bench.inspect(UserExistsCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.FAIL
    assert again.id in result.found
    assert user.id in result.expected
    assert "created it again" in result.found


def test_a_missing_tag_is_a_warning_with_the_command_that_sets_it(bench, make_user):
    result = bench.inspect(UserExistsCheck(bench.clients, make_user(tags={}).subject()))
    assert result.status is CheckStatus.WARN
    assert "breakglass-tui:managed is missing" in result.found
    assert "aws iam tag-user" in result.remedy
    assert "Key=breakglass-tui:managed,Value=true" in result.remedy


def test_a_tag_of_the_request_with_another_value_is_a_warning(bench, make_user):
    user = make_user(tags={"breakglass-tui:managed": "true", "owner": "eve"})
    result = bench.inspect(UserExistsCheck(bench.clients, user.subject(tags={"owner": "alice"})))
    assert result.status is CheckStatus.WARN
    assert "owner is eve, not alice" in result.found


OWN = {"breakglass-tui:managed": "true", "breakglass-tui:run-id": "20261129T221606Z-x"}


@pytest.mark.parametrize(
    ("tags", "requested", "words"),
    [
        (OWN, {}, "2 tags of the program"),
        ({**OWN, "owner": "alice"}, {"owner": "alice"}, "3 tags: 2 of the program, 1 of the request"),
        ({"breakglass-tui:managed": "true"}, {}, "1 tag of the program"),
    ],
)
def test_the_tags_are_counted_as_in_the_plan(bench, make_user, tags, requested, words):
    user = make_user(tags=tags)
    result = bench.inspect(UserExistsCheck(bench.clients, user.subject(tags=requested)))
    assert result.status is CheckStatus.PASS
    assert result.found.endswith(f"; {words}")


def test_a_permissions_boundary_is_not_judged_here_but_by_the_check_of_policies(bench, make_user, bend):
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    bend("get_user", lambda answer: answer["User"].update(PermissionsBoundary=boundary))
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().subject()))
    assert (result.status, result.remedy) == (CheckStatus.PASS, "")
    assert "boundary" not in result.found


def test_tags_that_get_user_leaves_out_are_listed(bench, make_user, bend):
    bend("get_user", lambda answer: answer["User"].pop("Tags"))
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.PASS
    assert result.calls[-1].operation == "iam:ListUserTags"


def test_a_denied_read_is_a_skip_with_its_reason(bench, make_user, refuse):
    refuse("get_user", "AccessDenied")
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.SKIP
    assert "iam:GetUser" in result.found
    assert result.calls[0].request_id == "forced-request"


def test_markup_and_escape_bytes_from_aws_stay_text(bench, make_user, bend):
    tag = {"Key": "breakglass-tui:managed", "Value": "[bold]\x1b[31m[/]"}
    bend("get_user", lambda answer: answer["User"].update(Tags=[tag]))
    result = bench.inspect(UserExistsCheck(bench.clients, make_user().subject()))
    assert "[bold]\\x1b[31m[/]" in result.found
    assert "\x1b" not in result.found + result.remedy


def test_a_user_whose_id_was_not_recorded_passes(bench, make_user):
    subject = replace(make_user().subject(), user_id="")
    assert bench.inspect(UserExistsCheck(bench.clients, subject)).status is CheckStatus.PASS
