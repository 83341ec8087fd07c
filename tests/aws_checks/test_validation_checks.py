"""Which checks there are, and the verdict that they lead to."""

from __future__ import annotations

from dataclasses import replace

from botocore.exceptions import ClientError

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.aws.checks.access_key import NEEDS_ACTIVATION
from breakglass_tui.aws.checks.kms_key import ONLY_KMS
from breakglass_tui.aws.checks.login_profile import NOT_CONFIRMED, RESET_PENDING, SEALED_BEFORE
from breakglass_tui.aws.checks.second_device import ONLY_ONE
from breakglass_tui.domain.checks import NEEDS_USER, ORDER, CheckStatus, Verdict, readiness
from breakglass_tui.domain.events import CheckFinished, EnvelopeInfo
from breakglass_tui.domain.policy import inline_document
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.check_runner import CheckRunner
from breakglass_tui.engine.cloud import Subject

FOUR = ["user-exists", "inline-policy", "access", "mfa-devices"]
SMALL_CELLS = 74
"""What 80 columns leave beside the margins and the bullet."""
ROLE = "arn:aws:iam::123456789012:role/EmergencyAdmin"
EVERYTHING = {
    "access": "both",
    "mfa": "sealed",
    "groups": ["emergency"],
    "role_arn": ROLE,
    "kms_key_id": "alias/break-glass",
}


def results_of(checks):
    events = CheckRunner(checks).events()
    return {event.result.id: event.result for event in events if isinstance(event, CheckFinished)}


def ids(bench, subject):
    return [check.id for check in validation_checks(bench.clients, subject)]


def test_the_four_checks_of_the_mission_come_first_and_the_others_in_their_order(bench, make_user):
    everything = make_user().subject(**EVERYTHING)
    for subject in (make_user().seen_by_another_process(), make_user().subject(), everything):
        found = ids(bench, subject)
        assert found[:4] == FOUR
        assert found == [id for id in ORDER if id in found]
    sealed = EnvelopeInfo("/e", ("password",), ("kms",), "00")
    assert ids(bench, replace(everything, envelopes=(sealed,))) == list(ORDER)


def test_only_checks_that_apply_are_run(bench, make_user):
    console = {"policies", "groups", "denies", "last-use", "password-policy", "trail", "sign-in-alert"}
    assert set(ids(bench, make_user().subject())) - set(FOUR) == console
    keys = {"policies", "groups", "denies", "last-use", "key-age", "trail"}
    assert set(ids(bench, make_user().subject(access="programmatic"))) - set(FOUR) == keys


def test_a_user_without_a_request_gets_every_check_that_can_apply(bench, make_user):
    found = set(ids(bench, make_user().seen_by_another_process()))
    assert found == set(ORDER) - {"group-membership", "role-trust", "envelopes", "kms-key"}


def test_building_the_checks_calls_nothing(bench, make_user, monkeypatch):
    subject = make_user().subject(groups=["emergency"], role_arn=ROLE)
    monkeypatch.setattr(bench.clients, "get", None)
    assert validation_checks(bench.clients, subject)


def test_a_complete_user_is_ready(bench, make_user):
    document = inline_document(bench.account.admin_policy, require_mfa=False)
    user = bench.key_for(make_user(policy=document))
    results = results_of(validation_checks(bench.clients, user.subject(access="programmatic")))
    bad = {id for id, result in results.items() if result.status is not CheckStatus.PASS}
    assert bad == {"last-use"}
    outcome = readiness(results.values())
    assert outcome.verdict is Verdict.READY
    assert (outcome.reasons, [risk.check for risk in outcome.risks]) == ((), ["mfa-devices", "last-use"])
    assert "No second factor" in outcome.risks[0].text
    assert "Never used in a drill" in outcome.risks[1].text
    assert all(result.calls and result.expected and result.found and result.why for result in results.values())


def test_every_result_that_does_not_pass_has_a_remedy(bench, make_user):
    results = results_of(validation_checks(bench.clients, make_user(tags={}).seen_by_another_process(mfa="sealed")))
    assert all(result.remedy for result in results.values() if result.status is not CheckStatus.PASS)
    assert readiness(results.values()).verdict is Verdict.NOT_READY


def test_the_evidence_of_each_check_of_a_complete_user_is_a_few_calls(bench, make_user):
    document = inline_document(bench.account.admin_policy, require_mfa=False)
    user = bench.key_for(make_user(policy=document))
    results = results_of(validation_checks(bench.clients, user.subject(access="programmatic")))
    assert {id: len(result.calls) for id, result in results.items()} == {
        "user-exists": 3,
        "inline-policy": 3,
        "access": 5,
        "mfa-devices": 1,
        "policies": 5,
        "groups": 1,
        "denies": 10,
        "key-age": 1,
        "last-use": 2,
        "trail": 2,
    }


def test_what_several_checks_read_is_read_from_aws_once(bench, make_user, monkeypatch):
    asked = []
    real = Api._send
    monkeypatch.setattr(Api, "_send", lambda self, action, values: asked.append(action) or real(self, action, values))
    results = results_of(validation_checks(bench.clients, make_user(console=False).seen_by_another_process()))
    for action in ("iam:ListMFADevices", "iam:ListAccessKeys", "iam:GetLoginProfile"):
        assert asked.count(action) == 1
        assert sum(any(call.operation == action for call in result.calls) for result in results.values()) > 1


def test_a_read_that_is_denied_is_a_skip_of_every_check_that_needs_it(bench, make_user, refuse):
    refuse("list_mfa_devices", "AccessDenied")
    results = results_of(validation_checks(bench.clients, make_user(console=False).seen_by_another_process()))
    skipped = {id for id, result in results.items() if result.status is CheckStatus.SKIP}
    assert skipped == {"mfa-devices", "denies", "mfa-enforcement", "second-device"}
    assert all("not allowed" in results[id].found and results[id].calls for id in skipped)


def test_an_account_that_denies_every_read_passes_nothing(bench, make_user, monkeypatch):
    def denied(self, action, values):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, action.split(":")[1])

    monkeypatch.setattr(Api, "_send", denied)
    results = results_of(validation_checks(bench.clients, make_user().seen_by_another_process()))
    assert {result.status for result in results.values()} == {CheckStatus.SKIP}
    assert all(result.remedy for result in results.values())


def test_a_missing_user_is_one_cause_and_one_reason(bench):
    root = {"AWS": f"arn:aws:iam::{bench.account.caller.account_id}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
    role = bench.role({"Version": "2012-10-17", "Statement": [statement]})
    request = parse_request({**EVERYTHING, "region": "eu-west-1", "user_name": "bg-absent", "role_arn": role})
    about_the_user = set(ORDER) - {"user-exists", "password-policy", "envelopes", "kms-key", "trail"}
    for subject in (Subject("bg-absent", bench.account), Subject("bg-absent", bench.account, request)):
        results = results_of(validation_checks(bench.clients, subject))
        assert [id for id, each in results.items() if each.status is CheckStatus.FAIL] == ["user-exists"]
        needs = {id for id, each in results.items() if (each.status, each.found) == (CheckStatus.SKIP, NEEDS_USER)}
        assert needs == about_the_user & set(results)
        outcome = readiness(results.values())
        assert outcome.verdict is Verdict.NOT_READY
        assert outcome.reasons[0].text == "IAM user: user bg-absent does not exist in account 123456789012"
        assert not any(NEEDS_USER in reason.text for reason in outcome.reasons)


def test_steps_and_risks_fit_a_line_of_a_small_terminal():
    texts = (RESET_PENDING, NOT_CONFIRMED, SEALED_BEFORE, NEEDS_ACTIVATION, ONLY_ONE, ONLY_KMS)
    assert [text for text in texts if len(text) > SMALL_CELLS] == []
