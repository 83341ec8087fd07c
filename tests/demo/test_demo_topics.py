"""The simulated SNS: topics with their policies, and subscriptions that wait for their confirmation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from breakglass_tui.demo.demo_account import DemoAccount

EMAIL = "on-call@example.com"
SEEDED = f"arn:aws:sns:us-east-1:{DemoAccount.account_id}:security-alerts"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]})


@pytest.fixture
def sns(demo: DemoAccount, client_for: Any) -> Callable[..., Any]:
    return lambda region="eu-west-1": client_for(demo, "sns", region=region)


@pytest.fixture
def topic(sns: Any, unique: Any) -> Iterator[str]:
    """Create a topic for one test, and return its ARN."""
    arn = sns().create_topic(Name=unique())["TopicArn"]
    yield arn
    sns().delete_topic(TopicArn=arn)


def subscriptions(sns: Any, topic: str) -> list[str]:
    return [each["SubscriptionArn"] for each in sns().list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]]


def test_one_topic_of_the_security_team_is_confirmed_initially(sns: Any) -> None:
    assert SEEDED in [each["TopicArn"] for each in sns("us-east-1").list_topics()["Topics"]]
    attributes = sns("us-east-1").get_topic_attributes(TopicArn=SEEDED)["Attributes"]
    assert "events.amazonaws.com" in attributes["Policy"]
    assert (attributes["SubscriptionsConfirmed"], attributes["SubscriptionsPending"]) == ("1", "0")


def test_a_topic_belongs_to_one_region_and_its_name_creates_it_once(sns: Any, topic: str, refused: Any) -> None:
    assert sns().create_topic(Name=topic.rsplit(":", 1)[1])["TopicArn"] == topic
    assert topic.startswith(f"arn:aws:sns:eu-west-1:{DemoAccount.account_id}:")
    assert topic not in [each["TopicArn"] for each in sns("us-east-1").list_topics()["Topics"]]
    with refused("InvalidParameter", "TopicArn"):
        sns("us-east-1").get_topic_attributes(TopicArn=topic)
    with refused("NotFound", "Topic does not exist"):
        sns().get_topic_attributes(TopicArn=f"{topic}-absent")


def test_a_new_topic_lets_only_its_owner_publish(sns: Any, topic: str) -> None:
    (statement,) = json.loads(sns().get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": DemoAccount.account_id}}
    assert "SNS:Publish" in statement["Action"]


def test_the_policy_and_the_key_can_be_changed(sns: Any, topic: str) -> None:
    for name, value in (("Policy", POLICY), ("KmsMasterKeyId", "alias/aws/sns")):
        sns().set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
        assert sns().get_topic_attributes(TopicArn=topic)["Attributes"][name] == value
    sns().set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="")
    assert "KmsMasterKeyId" not in sns().get_topic_attributes(TopicArn=topic)["Attributes"]


@pytest.mark.parametrize(("name", "value"), [("Policy", "{"), ("Policy", "[]"), ("Owner", "1"), ("Nonsense", "1")])
def test_an_invalid_attribute_is_refused(sns: Any, topic: str, refused: Any, name: str, value: str) -> None:
    with refused("InvalidParameter"):
        sns().set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)


@pytest.mark.parametrize("name", ["", "with space", "x" * 257])
def test_an_invalid_name_is_refused(sns: Any, refused: Any, name: str) -> None:
    with refused("InvalidParameter"):
        sns().create_topic(Name=name)


def test_an_email_subscription_is_pending_until_it_is_confirmed(sns: Any, topic: str, demo: DemoAccount) -> None:
    answer = sns().subscribe(TopicArn=topic, Protocol="email", Endpoint=EMAIL)
    assert answer["SubscriptionArn"] == "pending confirmation"
    assert subscriptions(sns, topic) == ["PendingConfirmation"]
    assert sns().get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsPending"] == "1"
    confirmed = sns().confirm_subscription(TopicArn=topic, Token=demo.confirmation_tokens(EMAIL)[topic])
    assert subscriptions(sns, topic) == [confirmed["SubscriptionArn"]]
    assert topic not in demo.confirmation_tokens(EMAIL)


@pytest.mark.parametrize("authenticated", ["true", "false"])
def test_the_attributes_of_a_subscription_say_how_it_was_confirmed(
    sns: Any, topic: str, demo: DemoAccount, authenticated: str
) -> None:
    arn = sns().subscribe(TopicArn=topic, Protocol="email", Endpoint=EMAIL, ReturnSubscriptionArn=True)[
        "SubscriptionArn"
    ]
    before = sns().get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (before["PendingConfirmation"], before["ConfirmationWasAuthenticated"]) == ("true", "false")
    token = demo.confirmation_tokens(EMAIL)[topic]
    sns().confirm_subscription(TopicArn=topic, Token=token, AuthenticateOnUnsubscribe=authenticated)
    after = sns().get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (after["PendingConfirmation"], after["ConfirmationWasAuthenticated"]) == ("false", authenticated)


def test_a_wrong_token_confirms_nothing(sns: Any, topic: str, refused: Any) -> None:
    sns().subscribe(TopicArn=topic, Protocol="email", Endpoint=EMAIL)
    with refused("InvalidParameter", "Token"):
        sns().confirm_subscription(TopicArn=topic, Token="0" * 64)
    assert subscriptions(sns, topic) == ["PendingConfirmation"]


def test_a_queue_of_the_account_needs_no_confirmation(sns: Any, topic: str) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{DemoAccount.account_id}:alerts"
    arn = sns().subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)["SubscriptionArn"]
    assert subscriptions(sns, topic) == [arn]


def test_the_same_endpoint_is_subscribed_once(sns: Any, topic: str) -> None:
    for _ in range(2):
        sns().subscribe(TopicArn=topic, Protocol="email", Endpoint=EMAIL)
    assert len(subscriptions(sns, topic)) == 1


@pytest.mark.parametrize(("protocol", "endpoint"), [("email", "EMAIL"), ("https", "example.com"), ("fax", "1")])
def test_an_invalid_endpoint_is_refused(sns: Any, topic: str, refused: Any, protocol: str, endpoint: str) -> None:
    with refused("InvalidParameter"):
        sns().subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)


def test_subscriptions_are_paginated(sns: Any, topic: str) -> None:
    for number in range(101):
        sns().subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{number}@example.com")
    first = sns().list_subscriptions_by_topic(TopicArn=topic)
    second = sns().list_subscriptions_by_topic(TopicArn=topic, NextToken=first["NextToken"])
    assert (len(first["Subscriptions"]), len(second["Subscriptions"])) == (100, 1)
    assert not second.get("NextToken")


def test_a_user_without_permission_gets_the_error_of_sns(iam: Any, user: str, as_key: Any, refused: Any) -> None:
    key = iam.create_access_key(UserName=user)["AccessKey"]
    with refused("AuthorizationError", "sns:GetTopicAttributes"):
        as_key("sns", key).get_topic_attributes(TopicArn=SEEDED)
