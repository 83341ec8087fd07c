"""The check ``sign-in-alert``: a sign-in of this user raises an alert, in every Region that can record it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.sign_in_event import (
    alert_pattern,
    may_match,
    regions_of,
    sign_in_event,
)
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "Every use of the emergency user must be noticed, authorized or not. "
    "AWS sends the event of a sign-in to one Region only."
)
RULE = "breakglass-sign-in"
NOT_TESTED = "only a drill shows whether a target reaches a person, for example whether a subscription is confirmed"


@dataclass(frozen=True)
class SignInAlertCheck(UserCheck):
    """ListRules, TestEventPattern and ListTargetsByRule in each Region that can record a sign-in."""

    id = "sign-in-alert"
    title = "Sign-in alert"

    def inspect(self, context: StepContext) -> CheckResult:
        """Find a rule with a target in each Region. A Region that cannot be read does not hide the others."""
        api, findings, unread = Api(self.clients, context), Findings(), list[Problem]()
        user = self.shared().user.get(api)
        covered, uncovered = list[str](), list[str]()
        with ThreadPoolExecutor(max_workers=len(self._regions), thread_name_prefix="breakglass-rules") as pool:
            answers = list(pool.map(lambda region: self._rule(api, region, user), self._regions))
        for region, rule in zip(self._regions, answers, strict=True):
            if isinstance(rule, Problem):
                unread.append(rule)
            elif rule:
                covered.append(f"{show(rule)} in {region}")
            else:
                uncovered.append(region)
        if unread and not covered and not uncovered:
            raise unread[0]
        self._evaluate(covered, uncovered, unread, findings)
        expected = f"an EventBridge rule with a target in each of {', '.join(self._regions)}"
        return findings.result(self, expected=expected, why=WHY)

    @property
    def _regions(self) -> tuple[str, ...]:
        subject = self.subject
        chosen = subject.request.region if subject.request else subject.account.region
        return regions_of(subject.account.caller.partition, chosen)

    def _evaluate(self, covered: list[str], uncovered: list[str], unread: list[Problem], findings: Findings) -> None:
        if covered:
            findings.good(f"alerts by {', '.join(covered)}")
            findings.good(NOT_TESTED)
        if uncovered:
            findings.warn(f"no alert for a sign-in in {', '.join(uncovered)}", self._create_rules(uncovered))
        if unread:
            findings.warn(f"{len(unread)} of the Regions could not be read: {unread[0].what}", unread[0].next)

    def _rule(self, api: Api, region: str, user: Mapping[str, Any]) -> str | Problem:
        """Return the name of a rule that raises an alert in ``region``, "" if there is none, or why it is unknown."""
        try:
            return self._find_rule(api.in_region(region), region, user)
        except Problem as problem:
            return problem

    def _find_rule(self, api: Api, region: str, user: Mapping[str, Any]) -> str:
        for rule in api.paginate("events:ListRules", "Rules", fields=("Rules",)):
            name, pattern = str(rule["Name"]), str(rule.get("EventPattern") or "")
            candidate = str(rule.get("State", "")).startswith("ENABLED") and may_match(pattern)
            if candidate and self._matches(api, region, pattern, user) and self._has_target(api, name):
                return name
        return ""

    def _matches(self, api: Api, region: str, pattern: str, user: Mapping[str, Any]) -> bool:
        event = sign_in_event(
            account_id=self.subject.account.caller.account_id,
            region=region,
            arn=str(user["Arn"]),
            user_id=str(user["UserId"]),
            user_name=self.subject.user_name,
        )
        return bool(
            api.call("events:TestEventPattern", fields=("Result",), EventPattern=pattern, Event=event)["Result"]
        )

    def _has_target(self, api: Api, rule: str) -> bool:
        return any(True for _ in api.paginate("events:ListTargetsByRule", "Targets", fields=("Targets",), Rule=rule))

    def _create_rules(self, regions: list[str]) -> str:
        caller = self.subject.account.caller
        pattern = show(shlex.quote(alert_pattern(self.subject.user_name)), 1024)
        topic = f"arn:{caller.partition}:sns:${{region}}:{caller.account_id}:TOPIC"
        rule = f"aws events put-rule --region ${{region}} --name {RULE} --event-pattern {pattern}"
        target = f'aws events put-targets --region ${{region}} --rule {RULE} --targets "Id=1,Arn={topic}"'
        loop = "; ".join((f"for region in {' '.join(regions)}", f"do {rule} && {target}", "done"))
        return f"Create a rule in each Region, with an SNS topic of that Region in place of TOPIC: {loop}"
