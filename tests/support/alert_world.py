"""Alerts of a test in the simulated account: a rule, a topic and a subscription in each Region."""

from __future__ import annotations

import copy
import json
from typing import Any

from breakglass_tui.aws.checks.sign_in_event import alert_pattern
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.demo.notification_world import SimulatedRule, SimulatedSubscription, SimulatedTopic
from breakglass_tui.demo.overlay.account_regions import REGIONS as STATUS
from breakglass_tui.demo.world import World

REGIONS = tuple(sorted(name for name, status in STATUS.items() if status != "DISABLED"))
RULE, TOPIC = "breakglass-sign-in", "breakglass-alerts"
ID = DemoAccount.account_id


def topic_arn(region: str) -> str:
    return f"arn:aws:sns:{region}:{ID}:{TOPIC}"


def topic_policy(region: str, **change: Any) -> str:
    events = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
    statement = {**events, "Action": "sns:Publish", "Resource": topic_arn(region), **change}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Alerts:
    """Changes the rules and topics of the account, and restores them."""

    def __init__(self, account: DemoAccount) -> None:
        self._account = account
        self._before = self.world(lambda world: copy.deepcopy((world.rules, world.topics)))

    def world(self, work: Any) -> Any:
        """Run ``work`` on the world."""
        self._account.start()
        assert self._account._server is not None
        return self._account._server.run_locked(work)

    def restore(self) -> None:
        """Restore the rules and topics."""

        def back(world: World) -> None:
            world.rules, world.topics = self._before

        self.world(back)

    def create(self, user_name: str, regions: tuple[str, ...] = REGIONS, *, pattern: str = "") -> None:
        """Create an alert for the sign-ins of a user, with a confirmed subscription, in each Region."""

        def add(world: World) -> None:
            for region in regions:
                arn = topic_arn(region)
                email = SimulatedSubscription(f"{arn}:1", "email", "on-call@example.com", "token", pending=False)
                world.topics[arn] = SimulatedTopic(arn, {"Policy": topic_policy(region)}, [email])
                targets = {"1": {"Id": "1", "Arn": arn}}
                rule = SimulatedRule(RULE, pattern or alert_pattern(user_name), targets=targets)
                world.rules.setdefault(region, {})[RULE] = rule

        self.world(add)

    def rule(self, region: str, work: Any) -> None:
        """Run ``work`` on the rule of a Region."""
        self.world(lambda world: work(world.rules[region][RULE]))

    def topic(self, region: str, work: Any) -> None:
        """Run ``work`` on the topic of a Region."""
        self.world(lambda world: work(world.topics[topic_arn(region)]))
