"""The check ``access`` and the first sign-in: the reset flag, the request, and this machine's journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import boto3

from breakglass_tui.aws.checks.access import AccessCheck
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import ACTIVE_KEYS, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.remedy_parts import remedy_parts

LAST_USED = datetime(2026, 11, 22, 11, 0, 37, 339482, tzinfo=timezone(timedelta(hours=2)))


def way_in(bench, user):
    """The way to the first sign-in from a shell: the screens, and the command that starts the app."""
    options = " ".join(bench.clients.program_options)
    return f"start the app with this command, press v, choose {user.name}, then press f: breakglass-tui {options}"


def test_a_console_user_with_a_required_reset_passes_and_is_pending(bench, make_user):
    user = make_user(console=True)
    result = bench.inspect(AccessCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.PASS
    assert "the first sign-in must change" in result.expected
    assert "no access key" in result.found
    assert result.facts == {ACTIVE_KEYS: "0"}
    assert "Make the first sign-in" in result.pending
    assert result.clears == f"Before an emergency, {way_in(bench, user)}"


def test_in_the_demo_the_first_sign_in_is_practised_in_the_app_because_the_account_ends(simulated, bench, make_user):
    # A new demo does not have this user, so "press v, choose the user" would be false.
    session = boto3.Session(simulated.access_key_id, simulated.secret_access_key, region_name="eu-west-1")
    clients = Clients(session, endpoint_url=simulated.start(), demo=True)
    result = bench.inspect(AccessCheck(clients, make_user(console=True).subject()))
    assert result.clears == (
        "This simulated account ends with its process. To practise the first sign-in, create a user in the app, and "
        "press f after its validation: breakglass-tui --demo"
    )
    assert remedy_parts(result.clears)[-1].command == "breakglass-tui --demo"


def test_a_console_user_without_reset_as_requested_has_nothing_pending(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).subject(password_reset_required=False)))
    assert result.status is CheckStatus.PASS
    assert result.pending == ""


def test_a_reset_that_was_not_requested_fails(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=True).subject(password_reset_required=False)))
    assert result.status is CheckStatus.FAIL
    assert "not requested" in result.found
    assert result.pending


def test_a_reset_flag_that_is_missing_before_the_first_sign_in_is_a_warning(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).subject()))
    assert result.status is CheckStatus.WARN
    assert "the password was never used" in result.found
    assert "update-login-profile" in result.remedy


def test_a_reset_that_was_done_at_the_first_sign_in_passes(bench, make_user, bend):
    bend("get_user", lambda answer: answer["User"].update(PasswordLastUsed=LAST_USED))
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).subject()))
    assert result.status is CheckStatus.PASS
    assert "the first sign-in is done (last used 2026-11-22 09:00 UTC)" in result.found
    assert result.pending == ""


def test_a_first_sign_in_that_was_recorded_here_passes_before_aws_reports_the_last_use(bench, make_user):
    subject = replace(make_user(console=False).subject(), signed_in=True)
    result = bench.inspect(AccessCheck(bench.clients, subject))
    assert result.status is CheckStatus.PASS
    assert "the first sign-in is done" in result.found


def test_a_first_sign_in_that_was_not_completed_is_a_caution_with_the_key_that_continues_it(bench, make_user):
    user = make_user(console=False)
    subject = replace(user.subject(), signing_in=True)
    result = bench.inspect(AccessCheck(bench.clients, subject))
    assert result.status is CheckStatus.WARN
    assert "in one of two envelopes" in result.caution
    assert result.remedy == f"Before an emergency, {way_in(bench, user)}"
    assert result.pending == ""


def test_a_password_set_without_the_guided_sign_in_leaves_an_envelope_with_the_old_one(bench, make_user, bend):
    bend("get_user", lambda answer: answer["User"].update(PasswordLastUsed=LAST_USED))
    old = EnvelopeInfo("/x/bg.password.age", ("password",), ("age",), "00ff")
    user = make_user(console=False)
    subject = replace(user.subject(), envelopes=(old,))
    result = bench.inspect(AccessCheck(bench.clients, subject))
    assert result.status is CheckStatus.WARN
    assert "The sealed password does not work" in result.caution
    first, second = remedy_parts(result.remedy)
    assert first.text == "To seal the new password, require another one:"
    assert "update-login-profile" in first.command
    assert f"{second.text} {second.command}" == f"Then {way_in(bench, user)}"
    assert second.command.startswith("breakglass-tui ")
    sealed = bench.inspect(AccessCheck(bench.clients, replace(subject, signed_in=True)))
    assert (sealed.status, sealed.caution) == (CheckStatus.PASS, "")
