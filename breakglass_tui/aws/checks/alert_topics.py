"""The delivery from an EventBridge rule to an SNS topic: topic policy, encryption and subscriptions.

Sources: re:Post, "sns-not-getting-eventbridge-notification": topic and rule in one Region, a topic policy that lets
EventBridge publish, no AWS managed key. SNS API, Subscribe: a pending subscription receives nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.alert_delivery import SERVICE, Delivery, Fix, Gap, Reach, Target
from breakglass_tui.aws.checks.resource_policy import Answer, lets_service
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show

MANAGED_KEY = "alias/aws/sns"
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")
"""The KMS actions that EventBridge must be allowed on the key of an encrypted topic.

Source: SNS Developer Guide, "Configuring AWS KMS permissions".
"""
NOT_FOUND = "NotFound"

_Read = tuple["Future[dict[str, Any]]", "Future[list[Any]]"]
"""The attributes and the subscriptions of one topic, each still being read."""
_Gaps = list[tuple[str, Fix]]
"""The text and the repair of each gap. The text continues a clause that begins with the name of the topic."""


@dataclass(frozen=True)
class TopicReader:
    """Reads the SNS topics that the rules of one Region use. Each topic is read once, in the threads of ``pool``."""

    api: Api
    region: str
    account_id: str
    pool: Executor
    _topics: dict[str, _Read] = field(default_factory=dict)

    def prefetch(self, target: Target) -> None:
        """Start to read ``target`` if it is an SNS topic of this Region."""
        arn = target["Arn"]
        _, _, service, region, *_ = f"{arn}::::".split(":")
        if service == "sns" and region == self.region and arn not in self._topics:
            attributes = self.pool.submit(self.api.call, "sns:GetTopicAttributes", fields=("Attributes",), TopicArn=arn)
            self._topics[arn] = attributes, self.pool.submit(self._subscriptions, arn)

    def delivery(self, rule: str, rule_arn: str, target: Target) -> Delivery:
        """Return what is known about a topic that ``prefetch`` started to read, as a target of ``rule``.

        If EventBridge uses a role, the permissions of the role decide in place of the topic's policy, and they are not
        read.
        """
        arn = target["Arn"]
        name = f"topic {show(arn.rsplit(':', 1)[1])} of {show(rule)}"
        try:
            return self._with_role(name, arn) if target.get("RoleArn") else self._topic(name, arn, rule_arn)
        except Problem as problem:
            if problem.code == NOT_FOUND:
                return _broken(Gap(f"{name} does not exist", Fix.CREATE))
            gap = Gap(f"{name} could not be read", Fix.READ, detail=problem.what, next=problem.next)
            return Delivery(Reach.UNREAD, (gap,))

    def _subscriptions(self, arn: str) -> list[Any]:
        return list(
            self.api.paginate("sns:ListSubscriptionsByTopic", "Subscriptions", fields=("Subscriptions",), TopicArn=arn)
        )

    def _with_role(self, name: str, arn: str) -> Delivery:
        attributes, subscriptions = self._topics[arn]
        attributes.result()
        gaps = _subscription_gaps(subscriptions.result())
        if gaps:
            return _broken(*(Gap(f"{name} {text}", fix, arn) for text, fix in gaps))
        return Delivery(Reach.UNTESTED, (Gap(f"the permissions of the role for {name} are not tested", Fix.TRY),))

    def _topic(self, name: str, arn: str, rule_arn: str) -> Delivery:
        attributes, subscriptions = self._topics[arn]
        settings: Mapping[str, str] = attributes.result()["Attributes"]
        context = {"aws:sourcearn": rule_arn, "aws:sourceaccount": self.account_id}
        policy = _document(settings.get("Policy", ""))
        publish = lets_service(policy, SERVICE, "sns:publish", arn, context)
        encrypt, key_gaps = self._key(settings.get("KmsMasterKeyId", ""), context)
        gaps = [*_policy_gaps(publish), *key_gaps, *_subscription_gaps(subscriptions.result())]
        if gaps:
            return _broken(*(Gap(f"{name} {text}", fix, arn) for text, fix in gaps))
        if Answer.UNKNOWN in (publish, encrypt):
            what = f"policy of {name}" if publish is Answer.UNKNOWN else f"policy of the KMS key of {name}"
            return Delivery(Reach.UNTESTED, (Gap(f"the conditions in the {what} are not tested", Fix.TRY),))
        return Delivery(Reach.WORKS)

    def _key(self, id: str, context: Mapping[str, str]) -> tuple[Answer, _Gaps]:
        """Return whether EventBridge may encrypt with the KMS key of a topic, and the gaps of that key.

        ``id`` is the KmsMasterKeyId of the topic. It is "" for a topic without encryption.
        """
        if not id:
            return Answer.YES, []
        managed = ("is encrypted with the AWS managed key, which EventBridge cannot use", Fix.MANAGED_KEY)
        if id == MANAGED_KEY:
            return Answer.NO, [managed]
        key = self.api.call_part("kms:DescribeKey", "KeyMetadata", fields=("Arn", "KeyState"), KeyId=id)
        if key.get("KeyManager") == "AWS":
            return Answer.NO, [managed]
        if key["KeyState"] != "Enabled":
            return Answer.NO, [(f"has a KMS key that is {show(str(key['KeyState']))}", Fix.KEY_STATE)]
        answer = self.api.call("kms:GetKeyPolicy", fields=("Policy",), KeyId=key["Arn"], PolicyName="default")
        policy = _document(answer["Policy"])
        answers = {lets_service(policy, SERVICE, action, str(key["Arn"]), context) for action in KEY_ACTIONS}
        if Answer.NO in answers:
            return Answer.NO, [("has a KMS key that does not let EventBridge encrypt", Fix.KEY_POLICY)]
        return (Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES), []


def _broken(*gaps: Gap) -> Delivery:
    return Delivery(Reach.BROKEN, gaps)


def _policy_gaps(publish: Answer) -> _Gaps:
    return [("does not let EventBridge publish", Fix.CREATE)] if publish is Answer.NO else []


def _subscription_gaps(subscriptions: list[Any]) -> _Gaps:
    """Return a gap unless one subscription is confirmed.

    A pending subscription has "PendingConfirmation" in place of its ARN (SNS API, ListSubscriptionsByTopic).
    """
    arns = [str(item.get("SubscriptionArn", "")) for item in subscriptions]
    if any(arn.startswith("arn:") for arn in arns):
        return []
    pending = arns.count("PendingConfirmation")
    if not pending:
        return [("has no confirmed subscription", Fix.CREATE)]
    counted = "1 is pending" if pending == 1 else f"{pending} are pending"
    return [(f"has no confirmed subscription ({counted})", Fix.CONFIRM)]


def _document(text: str) -> Mapping[str, Any]:
    """Return the policy in ``text``, or an empty mapping, which allows nothing, if ``text`` is not a JSON object."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
