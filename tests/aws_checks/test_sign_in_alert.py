"""The check ``sign-in-alert``."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.aws.checks.sign_in_alert import SignInAlertCheck
from breakglass_tui.aws.checks.sign_in_event import LANDING, alert_pattern, may_match, regions_of
from breakglass_tui.domain.checks import CheckStatus

EVERYWHERE = (*LANDING, "eu-west-1")
TARGET = [{"Id": "1", "Arn": "arn:aws:sns:us-east-1:123456789012:security-alerts"}]


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(SignInAlertCheck(bench.clients, subject))


@pytest.fixture
def rule(bench):
    """Create a rule in Regions, and delete it after the test."""
    made = {}

    def put(pattern, regions=EVERYWHERE, *, targets=True, state="ENABLED"):
        for region in regions:
            events = bench.boto("events", region)
            events.put_rule(Name="breakglass-sign-in", EventPattern=pattern, State=state)
            made[region] = events
            if targets:
                events.put_targets(Rule="breakglass-sign-in", Targets=TARGET)

    yield put
    for events in made.values():
        events.remove_targets(Rule="breakglass-sign-in", Ids=["1"])
        events.delete_rule(Name="breakglass-sign-in")


def test_without_a_rule_there_is_no_alert_and_the_remedy_creates_one(check, make_user, rule):
    user = make_user()
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert all(region in result.found for region in EVERYWHERE)
    pattern = result.remedy.split("--event-pattern '")[1].split("'")[0]
    rule(pattern)
    after = check(user.subject())
    assert after.status is CheckStatus.PASS, after.found
    assert "breakglass-sign-in in eu-north-1" in after.found
    assert "only a drill shows whether a target reaches a person" in after.found


def test_one_region_without_a_rule_is_named(check, make_user, rule):
    user = make_user()
    rule(alert_pattern(user.name), [region for region in EVERYWHERE if region != "us-east-2"])
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert "no alert for a sign-in in us-east-2" in result.found
    assert "for region in us-east-2; do aws events put-rule" in result.remedy


@pytest.mark.parametrize(
    "pattern",
    [
        '{"source":["aws.signin"],"detail":{"userIdentity":{"userName":["another-user"]}}}',
        '{"source":["aws.signin"],"detail-type":["AWS Console Signin via CloudTrail"]}',
        '{"source":["aws.health"]}',
    ],
)
def test_a_rule_that_does_not_match_this_user_does_not_count(check, make_user, rule, pattern):
    rule(pattern)
    assert check(make_user().subject()).found.startswith("no alert for a sign-in")


def test_a_disabled_rule_or_one_without_a_target_does_not_count(check, make_user, rule):
    user = make_user()
    rule(alert_pattern(user.name), targets=False)
    assert check(user.subject()).found.startswith("no alert for a sign-in")
    rule(alert_pattern(user.name), state="DISABLED")
    assert check(user.subject()).found.startswith("no alert for a sign-in")


def test_a_denied_region_is_reported_and_does_not_hide_the_others(check, make_user, rule, refuse):
    user = make_user()
    rule(alert_pattern(user.name))
    refuse("list_rules", "AccessDeniedException", service="events", region="us-east-1")
    result = check(user.subject())
    assert result.status is CheckStatus.WARN
    assert "1 of the Regions could not be read" in result.found
    assert "breakglass-sign-in in us-east-2" in result.found


def test_it_is_a_skip_if_no_region_can_be_read(check, make_user, refuse):
    for region in EVERYWHERE:
        refuse("list_rules", "AccessDeniedException", service="events", region=region)
    assert check(make_user().subject()).status is CheckStatus.SKIP


def test_the_chosen_region_is_read_once_and_other_partitions_have_no_known_landings():
    assert regions_of("aws", "us-east-1") == LANDING
    assert regions_of("aws-cn", "cn-north-1") == ("cn-north-1",)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", False),
        ("[]", False),
        ('{"source":["aws.ec2"]}', False),
        ('{"source":["aws.signin","aws.ec2"]}', True),
        ('{"source":[{"prefix":"aws."}]}', True),
        (json.dumps({"detail": {"eventName": ["ConsoleLogin"]}}), True),
    ],
)
def test_only_rules_that_may_match_a_sign_in_are_tested(pattern, expected):
    assert may_match(pattern) is expected
