"""A reader for the EventBridge rules of one Region that match a sign-in of the user."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.alert_delivery import Delivery, Fix, Gap, Heard, Reach, RegionAlert
from breakglass_tui.aws.checks.alert_roles import TargetRoles
from breakglass_tui.aws.checks.alert_targets import TargetReader
from breakglass_tui.aws.checks.alert_topics import TopicReader
from breakglass_tui.aws.checks.sign_in_event import may_match, sign_in_event
from breakglass_tui.domain.text import show


@dataclass(frozen=True)
class RuleReader:
    """Reads the EventBridge rules of a Region. Its calls run in parallel in the threads of ``pool``.

    ``user`` is the user as GetUser returns it.
    """

    account_id: str
    user: Mapping[str, Any]
    pool: Executor
    roles: TargetRoles

    def read(self, api: Api, region: str) -> RegionAlert:
        """Return the best rule for successful and for failed sign-ins in ``region``.

        Raises ``Problem`` if the rules or their targets cannot be read.
        """
        rules = [_Rule(self, api, region, item) for item in self._candidates(api)]
        targets = TargetReader(region, TopicReader(api, region, self.account_id, self.pool), self.roles)
        matching = [rule for rule in rules if rule.success.result() or rule.failure.result()]
        for rule in matching:
            targets.prefetch(rule.targets.result())
        success = [_heard(rule, targets) for rule in matching if rule.success.result()]
        failure = [_heard(rule, targets) for rule in matching if rule.failure.result()]
        return RegionAlert(region, _best(success), _best(failure))

    def event(self, region: str, *, failed: bool) -> str:
        """Return the CloudTrail event of a console sign-in in ``region``, as the JSON that TestEventPattern takes."""
        return sign_in_event(
            account_id=self.account_id,
            region=region,
            arn=str(self.user["Arn"]),
            user_id=str(self.user["UserId"]),
            user_name=str(self.user["UserName"]),
            failed=failed,
        )

    def _candidates(self, api: Api) -> list[Mapping[str, Any]]:
        """Return the enabled rules whose pattern can match a sign-in.

        Rules in the state ENABLED do not get read-only events of CloudTrail, but a sign-in is not read-only.
        """
        return [
            rule
            for rule in api.paginate("events:ListRules", "Rules", fields=("Rules",))
            if str(rule.get("State", "")).startswith("ENABLED") and may_match(str(rule.get("EventPattern") or ""))
        ]


class _Rule:
    """A rule whose pattern and targets are read in the background. ``result()`` of its futures raises ``Problem``."""

    def __init__(self, reader: RuleReader, api: Api, region: str, item: Mapping[str, Any]) -> None:
        self.name, self.arn = str(item["Name"]), str(item.get("Arn", ""))
        self._api, self._pattern = api, str(item["EventPattern"])
        submit = reader.pool.submit
        self.success: Future[bool] = submit(self._matches, reader.event(region, failed=False))
        self.failure: Future[bool] = submit(self._matches, reader.event(region, failed=True))
        self.targets: Future[list[Any]] = submit(self._targets)

    def _matches(self, event: str) -> bool:
        answer = self._api.call("events:TestEventPattern", fields=("Result",), EventPattern=self._pattern, Event=event)
        return bool(answer["Result"])

    def _targets(self) -> list[Any]:
        return list(self._api.paginate("events:ListTargetsByRule", "Targets", fields=("Targets",), Rule=self.name))


def _heard(rule: _Rule, targets: TargetReader) -> Heard:
    deliveries = [targets.delivery(rule.name, rule.arn, target) for target in rule.targets.result()]
    none = Delivery(Reach.BROKEN, (Gap(f"{show(rule.name)} has no target", Fix.CREATE),))
    return Heard(rule.name, min(deliveries, key=lambda delivery: delivery.reach, default=none))


def _best(heard: list[Heard]) -> Heard | None:
    return min(heard, key=lambda each: each.delivery.reach, default=None)
