"""The check ``sign-in-alert``: somebody is told when this user signs in, whichever Region that lands in."""

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

WHY = "Whoever uses the emergency user, rightly or not, must be noticed; a sign-in is told in one Region only."
RULE = "breakglass-sign-in"
UNSEEN = "whether a target reaches a person, as by a confirmed subscription of its topic, only a drill shows"


@dataclass(frozen=True)
class SignInAlertCheck(UserCheck):
    """ListRules, TestEventPattern and ListTargetsByRule in each Region that a sign-in may land in."""

    id = "sign-in-alert"
    title = "Sign-in alert"

    def inspect(self, context: StepContext) -> CheckResult:
        """Look for a rule with a target, Region by Region; one that cannot be read does not hide the others."""
        api, findings, unread = Api(self.clients, context), Findings(), list[Problem]()
        user = self.shared().user.get(api)
        heard, deaf = list[str](), list[str]()
        with ThreadPoolExecutor(max_workers=len(self._regions), thread_name_prefix="breakglass-rules") as pool:
            answers = list(pool.map(lambda region: self._rule(api, region, user), self._regions))
        for region, rule in zip(self._regions, answers, strict=True):
            if isinstance(rule, Problem):
                unread.append(rule)
            elif rule:
                heard.append(f"{show(rule)} in {region}")
            else:
                deaf.append(region)
        if unread and not heard and not deaf:
            raise unread[0]
        self._judge(heard, deaf, unread, findings)
        return findings.result(self, expected=f"a rule with a target in {', '.join(self._regions)}", why=WHY)

    @property
    def _regions(self) -> tuple[str, ...]:
        subject = self.subject
        chosen = subject.request.region if subject.request else subject.account.region
        return regions_of(subject.account.caller.partition, chosen)

    def _judge(self, heard: list[str], deaf: list[str], unread: list[Problem], findings: Findings) -> None:
        if heard:
            findings.good(f"told by {', '.join(heard)}; {UNSEEN}")
        if deaf:
            findings.warn(f"nobody is told of a sign-in in {', '.join(deaf)}", self._make(deaf))
        if unread:
            findings.warn(f"{len(unread)} of the Regions could not be read: {unread[0].what}", unread[0].next)

    def _rule(self, api: Api, region: str, user: Mapping[str, Any]) -> str | Problem:
        """The name of a rule there that tells somebody of this user's sign-in; empty if there is none."""
        try:
            return self._look(api.in_region(region), region, user)
        except Problem as problem:
            return problem

    def _look(self, api: Api, region: str, user: Mapping[str, Any]) -> str:
        for rule in api.pages("events:ListRules", "Rules", fields=("Rules",)):
            name, pattern = str(rule["Name"]), str(rule.get("EventPattern") or "")
            candidate = str(rule.get("State", "")).startswith("ENABLED") and may_match(pattern)
            if candidate and self._hears(api, region, pattern, user) and self._tells(api, name):
                return name
        return ""

    def _hears(self, api: Api, region: str, pattern: str, user: Mapping[str, Any]) -> bool:
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

    def _tells(self, api: Api, rule: str) -> bool:
        return any(True for _ in api.pages("events:ListTargetsByRule", "Targets", fields=("Targets",), Rule=rule))

    def _make(self, regions: list[str]) -> str:
        pattern = shlex.quote(alert_pattern(self.subject.user_name))
        each = f"In each of {', '.join(regions)}: aws events put-rule --region REGION --name {RULE}"
        targets = f"aws events put-targets --region REGION --rule {RULE} --targets Id=1,Arn=TOPIC_ARN"
        return f"{each} --event-pattern {show(pattern, 1024)}, then {targets}"
