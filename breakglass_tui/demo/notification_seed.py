"""The initial trail, event rule and SNS topic of the simulated account."""

from __future__ import annotations

import json

from breakglass_tui.demo.notification_world import (
    SimulatedRule,
    SimulatedSubscription,
    SimulatedTopic,
    SimulatedTrail,
)
from breakglass_tui.demo.world import World

ROOT_SIGN_IN = '{"source":["aws.signin"],"detail":{"userIdentity":{"type":["Root"]}}}'
"""The pattern of a rule that matches sign-ins of root but not of IAM users, which is a common gap."""


def add_notifications(world: World) -> None:
    """Create a trail of every Region, and a rule that sends sign-ins of root to the mailbox of the security team."""
    world.trails = [SimulatedTrail("acme-all-regions", "eu-west-1", "acme-cloudtrail-logs")]
    topic = _security_topic(world.account_id)
    world.topics = {topic.arn: topic}
    targets = {"security": {"Id": "security", "Arn": topic.arn}}
    world.rules = {"us-east-1": {"root-sign-in": SimulatedRule("root-sign-in", ROOT_SIGN_IN, targets=targets)}}


def _security_topic(account_id: str) -> SimulatedTopic:
    """Return an SNS topic that EventBridge may publish to, with one confirmed subscription."""
    arn = f"arn:aws:sns:us-east-1:{account_id}:security-alerts"
    events = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [{**events, "Action": "sns:Publish", "Resource": arn}]}
    id = f"{arn}:2f0f8f5e-6a3c-4d39-9f0e-1b7a4c1d9e55"
    email = SimulatedSubscription(id, "email", "security@example.com", "", pending=False, authenticated=True)
    return SimulatedTopic(arn, {"Policy": json.dumps(policy)}, [email])
