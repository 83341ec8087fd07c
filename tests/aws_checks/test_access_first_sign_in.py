"""The check access and the first sign-in: the reset flag, what was asked for, and what this machine has seen."""

from __future__ import annotations

from dataclasses import replace

from breakglass_tui.aws.checks.access import AccessCheck
from breakglass_tui.domain.checks import ACTIVE_KEYS, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo


def test_a_console_user_with_a_reset_to_come_passes_and_is_pending(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=True).subject()))
    assert result.status is CheckStatus.PASS
    assert "to be changed at the first sign-in" in result.expected
    assert "no access key" in result.found
    assert result.facts == {ACTIVE_KEYS: "0"}
    assert "must still change the password" in result.pending
    assert "f on the Validation screen" in result.clears


def test_a_console_user_without_reset_as_asked_has_nothing_pending(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).subject(password_reset_required=False)))
    assert result.status is CheckStatus.PASS
    assert result.pending == ""


def test_a_reset_that_was_not_asked_for_fails(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=True).subject(password_reset_required=False)))
    assert result.status is CheckStatus.FAIL
    assert "not asked for" in result.found
    assert result.pending


def test_a_reset_flag_that_went_missing_before_the_first_sign_in_is_a_warning(bench, make_user):
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).subject()))
    assert result.status is CheckStatus.WARN
    assert "nobody has signed in" in result.found
    assert "update-login-profile" in result.remedy


def test_a_reset_that_was_done_at_the_first_sign_in_passes(bench, make_user, bend):
    bend("get_user", lambda answer: answer["User"].update(PasswordLastUsed="2026-11-22 09:00:00+00:00"))
    result = bench.inspect(AccessCheck(bench.clients, make_user(console=False).subject()))
    assert result.status is CheckStatus.PASS
    assert "the first sign-in has been made (last used 2026-11-22" in result.found
    assert result.pending == ""


def test_a_first_sign_in_that_was_seen_here_passes_before_aws_tells_of_the_last_use(bench, make_user):
    subject = replace(make_user(console=False).subject(), signed_in=True)
    result = bench.inspect(AccessCheck(bench.clients, subject))
    assert result.status is CheckStatus.PASS
    assert "the first sign-in has been made" in result.found


def test_a_first_sign_in_that_was_not_seen_to_its_end_is_a_caution_that_names_the_way_on(bench, make_user):
    subject = replace(make_user(console=False).subject(), signing_in=True)
    result = bench.inspect(AccessCheck(bench.clients, subject))
    assert result.status is CheckStatus.WARN
    assert "either of two envelopes" in result.caution
    assert "f on the Validation screen" in result.remedy
    assert result.pending == ""


def test_a_password_set_without_the_ceremony_leaves_an_envelope_that_opens_nothing(bench, make_user, bend):
    bend("get_user", lambda answer: answer["User"].update(PasswordLastUsed="2026-11-22 09:00:00+00:00"))
    old = EnvelopeInfo("/x/bg.password.age", ("password",), ("age",), "00ff")
    subject = replace(make_user(console=False).subject(), envelopes=(old,))
    result = bench.inspect(AccessCheck(bench.clients, subject))
    assert result.status is CheckStatus.WARN
    assert "opens nothing" in result.caution
    assert "update-login-profile" in result.remedy
    assert "f on the Validation screen" in result.remedy
    sealed = bench.inspect(AccessCheck(bench.clients, replace(subject, signed_in=True)))
    assert (sealed.status, sealed.caution) == (CheckStatus.PASS, "")
