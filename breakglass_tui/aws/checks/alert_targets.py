"""The targets of an EventBridge rule: whether each is known to deliver, and what is not tested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from breakglass_tui.aws.checks.alert_delivery import Delivery, Fix, Gap, Reach, Target
from breakglass_tui.aws.checks.alert_roles import TargetRoles
from breakglass_tui.aws.checks.alert_topics import TopicReader
from breakglass_tui.domain.text import show

AFTER_DELIVERY = {
    "events": "the rules of the other event bus",
    "lambda": "what the function does",
    "logs": "who reads the log group",
    "sqs": "who reads the queue",
}
"""What decides, after the delivery to a target of a service, whether a person is alerted."""


@dataclass(frozen=True)
class TargetReader:
    """Reads the targets of the rules of ``region``: SNS topics, and the roles that EventBridge assumes.

    The policies of other targets are not read, because this program does not ask for the permissions of their services.
    """

    region: str
    topics: TopicReader
    roles: TargetRoles

    def prefetch(self, targets: Iterable[Target]) -> None:
        """Start to read the SNS topics and the roles of ``targets``."""
        for target in targets:
            self.roles.prefetch(target)
            self.topics.prefetch(target)

    def delivery(self, rule: str, rule_arn: str, target: Target) -> Delivery:
        """Return what is known about one target of ``rule``. Waits for what ``prefetch`` started to read.

        Only an event bus can be in another Region than the rule. Sources: re:Post,
        "sns-not-getting-eventbridge-notification"; EventBridge API, PutTargets.
        """
        _, _, service, region, *_ = f"{target['Arn']}::::".split(":")
        kind = show(service) or "an unknown service"
        if service != "events" and region not in ("", self.region):
            text = f"{show(rule)} has a target of {kind} that is in another Region"
            return Delivery(Reach.BROKEN, (Gap(text, Fix.CREATE),))
        gap = self.roles.gap(rule, rule_arn, target)
        if gap is not None:
            return Delivery(Reach.UNREAD if gap.fix is Fix.READ else Reach.BROKEN, (gap,))
        if service == "sns":
            return self.topics.delivery(rule, rule_arn, target)
        policy = "the permissions of its role" if target.get("RoleArn") else "its resource policy"
        after = AFTER_DELIVERY.get(service, "what it does")
        text = f"{show(rule)} has a target of {kind}, but {policy} and {after} are not tested"
        return Delivery(Reach.UNTESTED, (Gap(text, Fix.TRY),))
