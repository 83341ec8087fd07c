"""Which checks there are, and what they say together."""

from __future__ import annotations

from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.domain.checks import CheckStatus, Verdict, readiness
from breakglass_tui.domain.events import CheckFinished
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.engine.inspection import Inspection

FOUR = ["user-exists", "inline-policy", "access", "mfa-devices"]
ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"


def results_of(checks):
    events = Inspection(checks).events()
    return {event.result.id: event.result for event in events if isinstance(event, CheckFinished)}


def test_the_four_checks_of_the_mission_are_always_there(bench, make_user):
    assert [check.id for check in validation_checks(bench.clients, make_user().seen_by_another())] == FOUR


def test_group_and_role_are_checked_where_they_were_asked_for(bench, make_user):
    subject = make_user().subject(groups=["emergency"], role_arn=ROLE)
    checks = validation_checks(bench.clients, subject)
    assert [check.id for check in checks] == [*FOUR, "group-membership", "role-trust"]


def test_building_the_checks_asks_aws_nothing(bench, make_user, monkeypatch):
    subject = make_user().subject(groups=["emergency"], role_arn=ROLE)
    monkeypatch.setattr(bench.clients, "get", None)
    assert validation_checks(bench.clients, subject)


def test_a_whole_user_is_proven_ready(bench, make_user):
    document = inline_document(bench.account.admin_policy, require_mfa=False)
    user = bench.key_for(make_user(policy=document))
    results = results_of(validation_checks(bench.clients, user.subject(access="programmatic")))
    assert {result.status for result in results.values()} == {CheckStatus.PASS}
    assert readiness(results.values()).verdict is Verdict.READY
    assert all(result.calls and result.expected and result.found and result.why for result in results.values())


def test_what_does_not_pass_says_what_to_do(bench, make_user):
    results = results_of(validation_checks(bench.clients, make_user(tags={}).seen_by_another(mfa="sealed")))
    assert all(result.remedy for result in results.values() if result.status is not CheckStatus.PASS)
    assert readiness(results.values()).verdict is Verdict.NOT_READY


def test_no_check_of_a_whole_user_needs_more_than_five_calls(bench, make_user):
    document = inline_document(bench.account.admin_policy, require_mfa=False)
    user = bench.key_for(make_user(policy=document))
    results = results_of(validation_checks(bench.clients, user.subject(access="programmatic")))
    assert {id: len(result.calls) for id, result in results.items()} == {
        "user-exists": 3,
        "inline-policy": 3,
        "access": 5,
        "mfa-devices": 1,
    }
