"""The check ``access``: console password and access keys in one result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.aws.checks.access import WHY, WHY_NONE, AccessCheck
from breakglass_tui.domain.checks import NEEDS_USER, CheckStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.engine.cloud import Subject
from breakglass_tui.engine.user_journal import validation_events
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.vault import Vault


@pytest.fixture
def key_clients(bench, monkeypatch):
    """Return the clients that use the user's key, so that a test can make them fail."""

    def prepare(user):
        made = bench.clients.as_user(user.access_key_id, user.vault.get("access-key").reveal())
        monkeypatch.setattr(bench.clients, "as_user", lambda *_: made)
        return made

    return prepare


def test_a_missing_console_password_fails_after_a_minute(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.FAIL
    assert "there is no console password" in result.found
    assert 59 <= bench.clock.waited <= 62


def test_a_login_profile_that_iam_does_not_show_yet_is_waited_for(bench, make_user, refuse):
    refuse("get_login_profile", "NoSuchEntity", times=3)
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=True).subject()))
    assert result.status is CheckStatus.PASS
    assert 3 <= bench.clock.waited < 60


def test_a_key_passes_after_three_answers_in_a_row(bench, make_user):
    user = bench.key_for(make_user())
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.PASS
    assert user.access_key_id in result.expected
    assert f"authenticated 3 of 3 times as {user.arn}" in result.found
    answers = [call for call in result.calls if call.operation == "sts:GetCallerIdentity"]
    assert len(answers) == 3
    assert len({call.request_id for call in answers}) == 3


def test_a_new_key_that_sts_does_not_recognize_yet_is_waited_for(bench, make_user, refuse, key_clients):
    user = bench.key_for(make_user())
    refuse("get_caller_identity", "InvalidClientTokenId", service="sts", times=7, clients=key_clients(user))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.PASS
    errors = [call.error for call in result.calls if call.operation == "sts:GetCallerIdentity"]
    assert errors == ["InvalidClientTokenId"] * 7 + [""] * 3
    assert 5 <= bench.clock.waited < 60


def test_a_key_that_never_works_fails_after_a_minute(bench, make_user, refuse, key_clients):
    user = bench.key_for(make_user())
    refuse("get_caller_identity", "InvalidClientTokenId", service="sts", clients=key_clients(user))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert "did not recognize it within 60 s" in result.found
    assert 59 <= bench.clock.waited <= 62


def test_a_secret_that_does_not_belong_to_the_key_fails_at_once(bench, make_user):
    user = bench.key_for(make_user())
    user.vault.put("access-key", Secret("not/the/secret/not/the/secret/not/the/se"))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert "the stored secret does not belong to it" in result.found
    assert "SignatureDoesNotMatch" in {call.error for call in result.calls}
    assert bench.clock.waited == 0


def test_a_key_that_authenticates_as_another_user_fails(bench, make_user):
    user, other = bench.key_for(make_user()), bench.key_for(make_user())
    theirs = bench.clients.as_user(other.access_key_id, other.vault.get("access-key").reveal())
    bench.clients.as_user = lambda *_: theirs
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert f"authenticates as {other.arn}" in result.found


def test_the_secret_is_nowhere_in_the_result(bench, make_user):
    user = bench.key_for(make_user())
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert user.vault.get("access-key").reveal() not in repr(result)


def test_an_inactive_key_fails_and_leaves_an_iam_write(bench, make_user):
    user = bench.key_for(make_user())
    bench.iam.update_access_key(UserName=user.name, AccessKeyId=user.access_key_id, Status="Inactive")
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert f"{user.access_key_id} is Inactive" in result.found
    assert "Activate the access key (an IAM write)" in result.pending
    assert "--status Active" in result.remedy
    assert bench.clock.waited == 0


def test_a_key_that_was_replaced_fails(bench, make_user):
    user = bench.key_for(make_user())
    other = bench.iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"]
    bench.iam.delete_access_key(UserName=user.name, AccessKeyId=user.access_key_id)
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert f"access key {user.access_key_id} does not exist" in result.found
    assert f"additional access key {other}" in result.found


def test_an_additional_key_is_a_warning_with_the_command_that_deletes_it(bench, make_user):
    user = bench.key_for(make_user())
    other = bench.iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"]
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.WARN
    assert f"aws iam delete-access-key --user-name {user.name} --access-key-id {other}" in result.remedy


def test_a_key_without_its_secret_is_only_a_warning(bench, make_user):
    user = bench.key_for(make_user())
    result = bench.inspect(AccessCheck(bench.clients, user.seen_by_another_process(access="programmatic")))
    assert result.status is CheckStatus.WARN
    assert "not tested because its secret is not available here" in result.found


def test_a_wiped_vault_leaves_the_key_untested(bench, make_user):
    user = bench.key_for(make_user())
    user.vault.wipe()
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.WARN


def test_a_missing_key_of_an_old_user_fails_without_waiting(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user().seen_by_another_process(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert "access key does not exist" in result.found
    assert bench.clock.waited == 0


def test_password_and_key_are_reported_in_one_result(bench, make_user):
    user = bench.key_for(make_user(console=True))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="both")))
    assert result.status is CheckStatus.PASS
    assert "console password set" in result.found
    assert "3 of 3" in result.found


def test_a_key_on_a_console_user_fails(bench, make_user):
    user = make_user(console=True)
    key = bench.key_for(user)
    result = bench.inspect(AccessCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.FAIL
    assert f"not requested: access key {key.access_key_id} is Active" in result.found


def test_an_inactive_key_on_a_console_user_is_a_warning(bench, make_user):
    user = make_user(console=True)
    key = bench.key_for(user).access_key_id
    bench.iam.update_access_key(UserName=user.name, AccessKeyId=key, Status="Inactive")
    assert bench.inspect(AccessCheck(bench.clients, user.subject())).status is CheckStatus.WARN


def test_a_password_on_a_key_user_fails(bench, make_user):
    user = bench.key_for(make_user(console=True))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert "not requested: a console password" in result.found
    assert "aws iam delete-login-profile" in result.remedy


def test_any_user_needs_at_least_one_credential(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user().seen_by_another_process()))
    assert result.status is CheckStatus.FAIL
    assert "the user cannot sign in or call AWS" in result.found
    assert result.why == WHY_NONE
    assert bench.clock.waited == 0


def test_any_user_with_a_password_passes(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).seen_by_another_process()))
    assert (result.status, result.why) == (CheckStatus.PASS, WHY)


def test_any_user_with_a_required_reset_is_a_warning_and_pending(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=True).seen_by_another_process()))
    assert result.status is CheckStatus.WARN
    assert result.pending


def test_any_user_with_only_an_inactive_key_fails_and_is_pending(bench, make_user):
    user = bench.key_for(make_user())
    bench.iam.update_access_key(UserName=user.name, AccessKeyId=user.access_key_id, Status="Inactive")
    result = bench.inspect(AccessCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.FAIL
    assert "Activate the access key (an IAM write)" in result.pending


def test_any_user_with_an_active_key_is_a_warning(bench, make_user):
    user = bench.key_for(make_user())
    result = bench.inspect(AccessCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.WARN
    assert user.access_key_id in result.found


def test_the_credentials_of_a_missing_user_need_the_user(bench):
    result = bench.inspect(AccessCheck(bench.clients, Subject("absent", bench.account)))
    assert (result.status, result.found) == (CheckStatus.SKIP, NEEDS_USER)


@pytest.mark.parametrize("operation", ["get_login_profile", "list_access_keys"])
def test_a_denied_half_is_a_skip(bench, make_user, refuse, operation):
    refuse(operation, "AccessDenied")
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=True).subject()))
    assert result.status is CheckStatus.SKIP
    assert "not allowed" in result.found


def test_a_bad_half_is_reported_even_if_the_other_is_denied(bench, make_user, refuse):
    user = make_user(console=True)
    bench.key_for(user)
    refuse("get_login_profile", "AccessDenied")
    result = bench.inspect(AccessCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.FAIL
    assert "not everything could be read: You are not allowed to call iam:GetLoginProfile" in result.found


def test_a_lost_answer_to_the_new_key_is_a_skip(bench, make_user, refuse, key_clients):
    user = bench.key_for(make_user())
    refuse("get_caller_identity", "ServiceUnavailable", service="sts", clients=key_clients(user))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.SKIP


def test_a_bad_password_is_reported_even_if_the_key_cannot_be_tested(bench, make_user, refuse, key_clients):
    user = bench.key_for(make_user(console=True))
    refuse("get_caller_identity", "ServiceUnavailable", service="sts", clients=key_clients(user))
    result = bench.inspect(AccessCheck(bench.clients, user.subject(access="programmatic")))
    assert result.status is CheckStatus.FAIL
    assert "not requested: a console password" in result.found


def test_key_ids_with_markup_stay_text(bench, make_user, bend):
    key = {"UserName": "x", "AccessKeyId": "[red]\x1b]0;x\x07[/]", "Status": "Active"}
    bend("list_access_keys", lambda answer: answer.update(AccessKeyMetadata=[key]))
    result = bench.inspect(AccessCheck(bench.clients, make_user().seen_by_another_process()))
    assert "[red]\\x1b]0;x\\x07[/]" in result.found


def test_a_key_that_aws_refused_stays_a_failure_until_it_is_used(bench, make_user):
    user = bench.key_for(make_user())
    wrong = Vault()
    wrong.put("access-key", Secret("not-the-secret-of-this-key"))
    subject = user.subject(access="programmatic")
    refused = bench.inspect(AccessCheck(bench.clients, replace(subject, vault=wrong)))
    assert (refused.status, refused.disproof) == (CheckStatus.FAIL, user.access_key_id)
    history = UserHistory()
    later = replace(
        user.seen_by_another_process(access="programmatic"), access_key_id=user.access_key_id, history=history
    )
    for result, status in ((refused, CheckStatus.FAIL), (None, CheckStatus.PASS)):
        for event in validation_events(
            RunRecord(), [result or bench.inspect(AccessCheck(bench.clients, subject))], bench.clock.now()
        ):
            history.apply(event)
        assert bench.inspect(AccessCheck(bench.clients, later)).status is status
