"""The commands in the remedies of alerts. They are pasted into a shell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from alert_world import TOPIC, Alerts
from aws_shell import command

from breakglass_tui.aws.checks.alert_remedies import rule_name
from breakglass_tui.aws.checks.sign_in_alert import SignInAlertCheck
from breakglass_tui.domain.account import AccountList, Region
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.sign_in import sign_in_regions

ON_CALL = "on-call@example.com"


@pytest.fixture
def alerts(simulated: Any) -> Iterator[Alerts]:
    made = Alerts(simulated)
    yield made
    made.restore()


def test_the_command_of_an_alert_creates_it_in_every_region(bench, make_user, run, simulated, alerts):
    subject = make_user().subject()
    account = replace(subject.account, regions=AccountList((Region("eu-central-1", "opt-in-not-required"),)))
    check = SignInAlertCheck(bench.clients, replace(subject, account=account))
    before = bench.inspect(check)
    output = run(command(before).replace("EMAIL", ON_CALL))
    pending = bench.inspect(check)
    waiting = f"topic {TOPIC} of {rule_name(subject.user_name)} has no confirmed subscription (1 is pending) in all 6"
    assert waiting in pending.found, (before.remedy, output, pending.found)
    tokens = simulated.confirmation_tokens(ON_CALL)
    assert {arn.split(":")[3] for arn in tokens} == {*sign_in_regions("aws", "eu-west-1"), "eu-central-1"}
    for arn, token in tokens.items():
        bench.boto("sns", arn.split(":")[3]).confirm_subscription(TopicArn=arn, Token=token)
    after = bench.inspect(check)
    assert after.status is CheckStatus.PASS, after.found


def test_the_command_of_an_alert_repairs_a_deaf_rule_and_a_closed_topic(bench, make_user, run, alerts):
    user = make_user()
    alerts.create(user.name)
    alerts.rule("eu-west-1", lambda rule: setattr(rule, "pattern", '{"source":["aws.signin"],"detail":{"a":["b"]}}'))
    alerts.topic("eu-west-2", lambda topic: topic.attributes.update(Policy='{"Statement":[]}'))
    check = SignInAlertCheck(bench.clients, user.subject())
    before = bench.inspect(check)
    output = run(command(before).replace("EMAIL", ON_CALL))
    after = bench.inspect(check)
    assert "for region in eu-west-1 eu-west-2; do" in before.remedy
    assert after.status is CheckStatus.PASS, (before.remedy, output, after.found)


def test_the_command_for_a_second_user_keeps_the_alert_of_the_first(bench, make_user, run, alerts):
    checks = []
    for user in (make_user(), make_user()):
        subject = user.subject()
        account = replace(subject.account, regions=AccountList((Region("eu-west-1", "opt-in-not-required"),)))
        checks.append(SignInAlertCheck(bench.clients, replace(subject, account=account)))
        output = run(command(bench.inspect(checks[-1])).replace("EMAIL", ON_CALL))
        alerts.world(lambda world: [setattr(each, "pending", False) for each in subscriptions(world)])
    for check in checks:
        found = bench.inspect(check)
        assert found.status is CheckStatus.PASS, (output, found.found)


def subscriptions(world: Any) -> list[Any]:
    return [each for topic in world.topics.values() for each in topic.subscriptions]


@pytest.mark.parametrize("name", ["bob", "Bob", "b+b", "b,b", "b@b", "n" * 64, "n" * 63 + "m"])
def test_the_name_of_a_rule_is_valid_and_of_one_user(name):
    found = rule_name(name)
    assert re.fullmatch(r"[.\-_A-Za-z0-9]{1,64}", found)
    others = {"bob", "Bob", "b+b", "b,b", "b@b", "b-b", "n" * 64, "n" * 63 + "m"} - {name}
    assert found not in {rule_name(other) for other in others}


def test_the_command_of_a_pending_subscription_confirms_it_with_a_signature(bench, make_user, run, alerts):
    user = make_user()
    alerts.create(user.name)
    alerts.topic("eu-west-1", lambda topic: setattr(topic.subscriptions[0], "pending", True))
    check = SignInAlertCheck(bench.clients, user.subject())
    output = run(command(bench.inspect(check)).replace("TOKEN", "token"))
    after = bench.inspect(check)
    assert after.status is CheckStatus.PASS, (output, after.found)
    alerts.topic("eu-west-1", lambda topic: topic.subscriptions[0].authenticated or pytest.fail("not signed"))


def test_the_command_of_an_encrypted_topic_turns_the_encryption_off(bench, make_user, run, alerts):
    user = make_user()
    alerts.create(user.name)
    for region in ("eu-west-1", "us-east-1"):
        alerts.topic(region, lambda topic: topic.attributes.update(KmsMasterKeyId="alias/aws/sns"))
    check = SignInAlertCheck(bench.clients, user.subject())
    output = run(command(bench.inspect(check)))
    after = bench.inspect(check)
    assert after.status is CheckStatus.PASS, (output, after.found)
