"""The check ``sign-in-alert``: which Regions it reads, and which rules it counts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from alert_world import REGIONS, RULE, Alerts

from breakglass_tui.aws.checks import validation_checks
from breakglass_tui.aws.checks.sign_in_alert import SET_UP, SignInAlertCheck
from breakglass_tui.aws.checks.sign_in_event import alert_pattern, may_match, sign_in_event
from breakglass_tui.domain.account import AccountList, Region
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.compliance import ControlStatus, control_results
from breakglass_tui.domain.sign_in import LANDING_REGIONS
from breakglass_tui.engine.check_runner import CheckRunner

TRAIL = "acme-all-regions"
KNOWN = (*LANDING_REGIONS["aws"], "eu-west-1")
"""The Regions that are read even if AWS does not list the Regions of the account."""


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(SignInAlertCheck(bench.clients, subject))


@pytest.fixture
def alerts(simulated):
    made = Alerts(simulated)
    yield made
    made.restore()


def test_a_rule_in_every_enabled_region_passes(check, make_user, alerts):
    user = make_user()
    alerts.create(user.name)
    result = check(user.subject())
    assert result.status is CheckStatus.PASS, result.found
    assert f"{RULE} raises an alert in all 22 Regions" in result.found
    assert "only a drill shows whether it reaches a person" in result.found
    assert result.caution == ""
    assert {region for region in REGIONS if region in result.expected} == set(REGIONS)


def test_without_a_rule_every_region_is_named_and_alarms_elsewhere_are_not_denied(check, make_user):
    result = check(make_user().subject())
    assert result.status is CheckStatus.WARN
    assert result.found.startswith("no EventBridge rule for a sign-in in us-east-1, us-east-2, ")
    assert all(region in result.found for region in REGIONS)
    assert "alarms outside EventBridge, such as CloudWatch alarms or a SIEM, cannot be seen from here" in result.found
    assert result.caution == "No proven alert for a sign-in in 22 of 22 Regions"
    assert result.clears == SET_UP


def test_a_region_that_an_operator_can_pick_at_sign_in_is_a_region_to_be_heard(check, make_user, alerts):
    user = make_user()
    alerts.create(user.name, tuple(region for region in REGIONS if region != "ca-central-1"))
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"{RULE} raises an alert in 21 of 22 Regions" in result.found
    assert "no EventBridge rule for a sign-in in ca-central-1" in result.found
    assert result.caution == "No proven alert for a sign-in in 1 of 22 Regions"
    assert "for region in ca-central-1; do" in result.remedy


SUCCESS = {"source": ["aws.signin"], "detail": {"responseElements": {"ConsoleLogin": ["Success"]}}}
FAILURE = {"source": ["aws.signin"], "detail": {"responseElements": {"ConsoleLogin": ["Failure"]}}}


def test_a_rule_by_arn_does_not_hear_failed_sign_ins(check, make_user, alerts):
    user = make_user()
    by_arn = {"source": ["aws.signin"], "detail": {"userIdentity": {"arn": [user.arn]}}}
    alerts.create(user.name, pattern=json.dumps(by_arn))
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"{RULE} does not match failed sign-ins in all 22 Regions" in result.found
    assert "put-rule" in result.remedy


@pytest.mark.parametrize(("pattern", "deaf"), [(SUCCESS, "failed"), (FAILURE, "successful")])
def test_a_rule_for_one_outcome_does_not_hear_the_other(check, make_user, alerts, pattern, deaf):
    user = make_user()
    alerts.create(user.name, pattern=json.dumps(pattern))
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"{RULE} does not match {deaf} sign-ins in all 22 Regions" in result.found


def test_two_rules_can_share_the_outcomes(check, make_user, alerts):
    user = make_user()
    alerts.create(user.name, pattern=json.dumps(SUCCESS))

    def split(world):
        for rules in world.rules.values():
            rules["failures"] = type(rules[RULE])("failures", json.dumps(FAILURE), targets=rules[RULE].targets)

    alerts.world(split)
    result = check(user.subject())
    assert result.status is CheckStatus.PASS, result.found
    assert f"{RULE} and failures raise an alert in all 22 Regions" in result.found


@pytest.mark.parametrize(
    "pattern",
    [
        '{"source":["aws.signin"],"detail":{"userIdentity":{"userName":["another-user"]}}}',
        '{"source":["aws.signin"],"detail-type":["AWS Console Signin via CloudTrail"]}',
        '{"source":["aws.health"]}',
    ],
)
def test_a_rule_that_does_not_match_this_user_does_not_count(check, make_user, alerts, pattern):
    user = make_user()
    alerts.create(user.name, pattern=pattern)
    assert check(user.subject()).found.startswith("no EventBridge rule for a sign-in in ")


def test_a_disabled_rule_does_not_count_and_one_for_all_management_events_does(check, make_user, alerts):
    user = make_user()
    alerts.create(user.name)
    alerts.rule("us-east-2", lambda rule: setattr(rule, "state", "DISABLED"))
    alerts.rule("us-east-1", lambda rule: setattr(rule, "state", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"))
    found = check(user.subject()).found
    assert "no EventBridge rule for a sign-in in us-east-2;" in found
    assert f"{RULE} raises an alert in 21 of 22 Regions" in found


def test_a_denied_region_is_reported_and_does_not_hide_the_others(check, make_user, alerts, refuse):
    user = make_user()
    alerts.create(user.name)
    refuse("list_rules", "AccessDeniedException", service="events", region="us-east-1")
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert "us-east-1 could not be read: You are not allowed to call events:ListRules." in result.found
    assert f"{RULE} raises an alert in 21 of 22 Regions" in result.found


@pytest.mark.parametrize("operation", ["test_event_pattern", "list_targets_by_rule"])
def test_a_rule_that_cannot_be_read_never_passes(check, make_user, alerts, refuse, operation):
    user = make_user()
    alerts.create(user.name)
    refuse(operation, "AccessDeniedException", service="events", region="us-east-1")
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert "us-east-1 could not be read: You are not allowed to call events:" in result.found


def test_it_is_a_skip_if_no_region_can_be_read(check, make_user, refuse):
    for region in REGIONS:
        refuse("list_rules", "AccessDeniedException", service="events", region=region)
    assert check(make_user().subject()).status is CheckStatus.SKIP


def test_without_the_list_of_regions_the_known_ones_are_read_and_the_rest_is_not_proven(
    check, make_user, alerts, refuse
):
    user = make_user()
    alerts.create(user.name)
    refuse("list_regions", "AccessDeniedException", service="account")
    refuse("describe_regions", "UnauthorizedOperation", service="ec2")
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert f"{RULE} raises an alert in all 5 Regions" in result.found
    assert "the enabled Regions of the account could not be read: You are not allowed to call" in result.found
    assert all(region in result.expected for region in KNOWN)


def test_the_regions_of_the_assessment_are_not_read_again(check, make_user, alerts):
    user = make_user()
    listed = (Region("us-west-1", "opt-in-not-required"), Region("af-south-1", "not-opted-in"))
    subject = user.subject(region="us-east-1")
    account = replace(subject.account, regions=AccountList(listed))
    result = check(replace(subject, account=account))
    assert "account:ListRegions" not in [call.operation for call in result.calls]
    assert "us-west-1" in result.expected
    assert "us-west-2" in result.expected, "the second address of the runbook signs in to it"
    assert "af-south-1" not in result.expected


@pytest.fixture
def stopped_trail(bench):
    """Stop the only trail for one test."""
    bench.boto("cloudtrail").stop_logging(Name=TRAIL)
    yield
    bench.boto("cloudtrail").start_logging(Name=TRAIL)


def test_without_a_trail_that_logs_eventbridge_hears_no_sign_in(check, make_user, alerts, stopped_trail):
    user = make_user()
    alerts.create(user.name)
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert "no trail logs every Region, and EventBridge gets sign-ins only from a trail" in result.found
    assert 'Fix the check "CloudTrail trail" first.' in result.remedy


def test_a_trail_that_cannot_be_read_is_not_a_proof(check, make_user, alerts, refuse):
    user = make_user()
    alerts.create(user.name)
    refuse("describe_trails", "AccessDeniedException", service="cloudtrail")
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert "it is unknown whether a trail logs: You are not allowed to call cloudtrail:Desc" in result.found


def test_the_control_for_unusual_use_follows(check, make_user, alerts):
    user = make_user()
    alerts.create(user.name)
    for expected in (ControlStatus.MET, ControlStatus.NOT_MET):
        found = {result.control.id: result.status for result in control_results([check(user.subject())])}
        assert found["AC-2(12)"] is expected
        alerts.rule("us-east-1", lambda rule: rule.targets.clear())


def test_the_reads_of_the_trail_are_no_evidence_of_rules(bench, make_user):
    checks = [
        each
        for each in validation_checks(bench.clients, make_user().subject())
        if each.id in ("trail", "sign-in-alert")
    ]
    for event in CheckRunner(checks, bench.clock).events():
        result = getattr(event, "result", None)
        if result is not None and result.id == "trail":
            assert {call.operation.split(":")[0] for call in result.calls} == {"cloudtrail"}


def test_a_failed_sign_in_has_neither_an_arn_nor_an_id():
    fields = {"account_id": "1", "region": "us-east-1", "arn": "arn", "user_id": "AIDA", "user_name": "bob"}
    success, failure = (json.loads(sign_in_event(**fields, failed=failed)) for failed in (False, True))
    assert success["detail"]["userIdentity"]["arn"] == "arn"
    identity = {"type": "IAMUser", "accountId": "1", "accessKeyId": "", "userName": "bob"}
    assert failure["detail"]["userIdentity"] == identity
    assert failure["detail"]["responseElements"] == {"ConsoleLogin": "Failure"}
    assert failure["detail"]["errorMessage"] == "Failed authentication"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", False),
        ("[]", False),
        ('{"source":["aws.ec2"]}', False),
        ('{"source":["aws.signin","aws.ec2"]}', True),
        ('{"source":[{"prefix":"aws."}]}', True),
        (json.dumps({"detail": {"eventName": ["ConsoleLogin"]}}), True),
        (alert_pattern("bob"), True),
    ],
)
def test_only_rules_that_may_match_a_sign_in_are_tested(pattern, expected):
    assert may_match(pattern) is expected


IDENTITY = {"type": "IAMUser", "accountId": "1", "userName": "Night-Shift"}


@pytest.mark.parametrize(
    ("name", "identity", "expected"),
    [
        ("ConsoleLogin", {}, True),
        ("ConsoleLogin", {"userName": "night-shift"}, True),
        ("SwitchRole", {}, True),
        ("PasswordRecoveryRequested", {}, True),
        ("CreateOAuth2Token", {}, True),
        ("ConsoleLogin", {"userName": "night-shift-2"}, False),
        ("ConsoleLogin", {"type": "Root"}, False),
        ("CheckMfa", {}, False),
    ],
)
def test_the_pattern_of_the_remedy_matches_each_sign_in_of_the_user_once(bench, name, identity, expected):
    fields = {"account_id": "1", "region": "us-east-1", "arn": "arn", "user_id": "AIDA", "user_name": "Night-Shift"}
    event = json.loads(sign_in_event(**fields, failed=True))
    event["detail"] |= {"eventName": name, "userIdentity": {**IDENTITY, **identity}}
    pattern = alert_pattern("Night-Shift")
    answer = bench.boto("events").test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
    assert answer["Result"] is expected
