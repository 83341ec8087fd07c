"""The simulated SNS: topics, and subscriptions that receive nothing until their owner confirms them."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any
from uuid import uuid4

from moto.core.responses import ActionResult, EmptyResult

from breakglass_tui.demo.notification_world import SimulatedSubscription, SimulatedTopic
from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

PAGE = 100
"""The number of subscriptions on one page (SNS API, ListSubscriptionsByTopic)."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
ENDPOINTS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "email-json": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "http": re.compile(r"http://\S+"),
    "https": re.compile(r"https://\S+"),
    "lambda": re.compile(r"arn:[a-z-]+:lambda:\S+"),
    "sqs": re.compile(r"arn:[a-z-]+:sqs:\S+"),
}
"""The form of an endpoint, by protocol (SNS API, Subscribe). Other protocols are not simulated."""
CONFIRMED_AT_ONCE = frozenset({"lambda", "sqs"})
"""The protocols whose subscriptions need no confirmation within one account (SNS API, Subscribe)."""
OWNER_ACTIONS = (
    "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe "
    "ListSubscriptionsByTopic Publish"
)
SETTABLE = frozenset({"DisplayName", "KmsMasterKeyId", "Policy"})


class DemoSns(AuthorizedRequests):
    """The SNS operations of the simulated account."""

    def __init__(self) -> None:
        super().__init__(service_name="sns")
        self.automated_parameter_parsing = True

    def resource(self) -> str:
        """Return the ARN of the topic that the call names, by its ARN or, for CreateTopic, by its name."""
        name = self._get_param("Name")
        return str(self._get_param("TopicArn") or (self._topic_arn(name) if name else "*"))

    def require_permission(self, action: str, resource: str) -> None:
        """Raise ``ApiRefusal`` for a denied call, with the error code of SNS (SNS API, AuthorizationErrorException)."""
        try:
            super().require_permission(action, resource)
        except ApiRefusal as refusal:
            raise ApiRefusal("AuthorizationError", refusal.message, refusal.status) from None

    def create_topic(self) -> ActionResult:
        """Create a topic and return its ARN. If the name exists, return the ARN of that topic."""
        name = self._get_param("Name")
        if not NAME.fullmatch(name):
            raise _invalid("Topic Name")
        arn = self._topic_arn(name)
        self.world.topics.setdefault(arn, SimulatedTopic(arn, {"Policy": self._owner_policy(arn)}))
        return ActionResult({"TopicArn": arn})

    def _topic_arn(self, name: str) -> str:
        return f"arn:aws:sns:{self.region}:{self.world.account_id}:{name}"

    def delete_topic(self) -> EmptyResult:
        """Delete a topic and its subscriptions. A topic that does not exist is not an error."""
        self.world.topics.pop(self._get_param("TopicArn"), None)
        return EmptyResult()

    def list_topics(self) -> ActionResult:
        """Return the topics of this Region."""
        here = f":{self.region}:"
        return ActionResult({"Topics": [{"TopicArn": arn} for arn in sorted(self.world.topics) if here in arn]})

    def get_topic_attributes(self) -> ActionResult:
        """Return the attributes of a topic, with the numbers of its pending and confirmed subscriptions."""
        topic = self._topic()
        pending = sum(subscription.pending for subscription in topic.subscriptions)
        counts = {"SubscriptionsPending": pending, "SubscriptionsConfirmed": len(topic.subscriptions) - pending}
        numbers = {name: str(count) for name, count in (*counts.items(), ("SubscriptionsDeleted", 0))}
        own = {"TopicArn": topic.arn, "Owner": self.world.account_id}
        return ActionResult({"Attributes": {**own, **numbers, **topic.attributes}})

    def set_topic_attributes(self) -> EmptyResult:
        """Set an attribute of a topic. An empty value removes it."""
        topic, name, value = self._topic(), self._get_param("AttributeName"), self._get_param("AttributeValue")
        if name not in SETTABLE:
            raise _invalid("AttributeName")
        if name == "Policy" and not _is_policy(value):
            raise _invalid("Policy")
        topic.attributes[name] = value
        if not value:
            del topic.attributes[name]
        return EmptyResult()

    def subscribe(self) -> ActionResult:
        """Subscribe an endpoint to a topic. Until it confirms, a second call sends the same token again."""
        topic, protocol, endpoint = self._topic(), self._get_param("Protocol"), str(self._get_param("Endpoint"))
        if protocol not in ENDPOINTS or not ENDPOINTS[protocol].fullmatch(endpoint):
            raise _invalid("Endpoint" if protocol in ENDPOINTS else "Protocol")
        same = [each for each in topic.subscriptions if (each.protocol, each.endpoint) == (protocol, endpoint)]
        found = same[0] if same else SimulatedSubscription(f"{topic.arn}:{uuid4()}", protocol, endpoint, "")
        if not same:
            topic.subscriptions.append(found)
            found.token, found.pending = secrets.token_hex(32), protocol not in CONFIRMED_AT_ONCE
        shown = found.arn if not found.pending or self._get_param("ReturnSubscriptionArn") else "pending confirmation"
        return ActionResult({"SubscriptionArn": shown})

    def confirm_subscription(self) -> ActionResult:
        """Confirm a subscription with its token.

        With ``AuthenticateOnUnsubscribe``, the link in its mails no longer unsubscribes it.
        """
        for subscription in self._topic().subscriptions:
            if subscription.token == self._get_param("Token"):
                subscription.pending = False
                subscription.authenticated = self._get_param("AuthenticateOnUnsubscribe") == "true"
                return ActionResult({"SubscriptionArn": subscription.arn})
        raise _invalid("Token")

    def list_subscriptions_by_topic(self) -> ActionResult:
        """Return one page of the subscriptions of a topic.

        A pending one has "PendingConfirmation" in place of its ARN.
        """
        found = [self._described(each) for each in self._topic().subscriptions]
        start = int(self._get_param("NextToken") or 0)
        token = str(start + PAGE) if start + PAGE < len(found) else None
        return ActionResult({"Subscriptions": found[start : start + PAGE], "NextToken": token})

    def get_subscription_attributes(self) -> ActionResult:
        """Return whether a subscription is confirmed, and whether the confirmation was signed."""
        arn = self._get_param("SubscriptionArn")
        for topic in self.world.topics.values():
            for subscription in topic.subscriptions:
                if subscription.arn == arn:
                    flags = {
                        "PendingConfirmation": subscription.pending,
                        "ConfirmationWasAuthenticated": subscription.authenticated,
                    }
                    shown = {name: str(flag).lower() for name, flag in flags.items()}
                    return ActionResult({"Attributes": {**self._described(subscription), **shown}})
        raise ApiRefusal("NotFound", "Subscription does not exist", 404)

    def _described(self, subscription: SimulatedSubscription) -> dict[str, Any]:
        return {
            "SubscriptionArn": "PendingConfirmation" if subscription.pending else subscription.arn,
            "Owner": self.world.account_id,
            "Protocol": subscription.protocol,
            "Endpoint": subscription.endpoint,
            "TopicArn": subscription.arn.rsplit(":", 1)[0],
        }

    def _topic(self) -> SimulatedTopic:
        arn = str(self._get_param("TopicArn"))
        if not arn.startswith(f"arn:aws:sns:{self.region}:"):
            raise _invalid("TopicArn")
        if arn not in self.world.topics:
            raise ApiRefusal("NotFound", "Topic does not exist", 404)
        return self.world.topics[arn]

    def _owner_policy(self, arn: str) -> str:
        """Return the JSON text of the policy of a new topic. The account may publish, but EventBridge may not."""
        statement = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [f"SNS:{action}" for action in OWNER_ACTIONS.split()],
            "Resource": arn,
            "Condition": {"StringEquals": {"AWS:SourceOwner": self.world.account_id}},
        }
        return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _is_policy(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and isinstance(found.get("Statement"), (list, dict))


def _invalid(parameter: str) -> ApiRefusal:
    return ApiRefusal("InvalidParameter", f"Invalid parameter: {parameter}")
