"""The check ``sign-in-alert``: a sign-in of the user raises an alert in every Region that can record it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.alert_delivery import RegionAlert
from breakglass_tui.aws.checks.alert_report import AlertReport
from breakglass_tui.aws.checks.alert_roles import TargetRoles
from breakglass_tui.aws.checks.alert_rules import RuleReader
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.trail import TrailCheck
from breakglass_tui.aws.checks.trail_state import Trail
from breakglass_tui.aws.checks.user_reads import UserCheck, chosen_region
from breakglass_tui.aws.regions import read_regions
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.sign_in import sign_in_regions
from breakglass_tui.engine.step_context import StepContext

T = TypeVar("T")
WHY = (
    "Every use of the emergency user must be noticed, authorized or not. "
    "AWS sends the event of a sign-in to one Region only, and the person who signs in chooses the Region."
)
SET_UP = "In each Region, set up an EventBridge rule for sign-ins, an SNS topic and a confirmed subscription."
CALLS_SIDE_BY_SIDE = 32
"""The maximum number of AWS calls that the check makes at the same time."""


@dataclass(frozen=True)
class SignInAlertCheck(UserCheck):
    """The check that each Region has a rule for successful and failed sign-ins, with a target that works.

    It calls ListRules, TestEventPattern and ListTargetsByRule in each Region, and reads the SNS topics among the
    targets. EventBridge gets sign-ins only from a trail that logs (EventBridge User Guide, "AWS service events
    delivered via AWS CloudTrail").
    """

    id = "sign-in-alert"
    title = "Sign-in alert"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (
            *scope_of(self.subject).user("iam:GetUser"),
            *scope_of(self.subject).account_wide("cloudtrail:DescribeTrails", optional=True),
            *scope_of(self.subject).trails("cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"),
            *scope_of(self.subject).regions("account:ListRegions"),
            *scope_of(self.subject).alert_rules(),
        )

    def inspect(self, context: StepContext) -> CheckResult:
        """Read all Regions in parallel. A Region that cannot be read is a finding and does not end the check."""
        api, findings, reads = Api(self.clients, context), Findings(), self.shared()
        user = reads.user.get(api)
        regions, unlisted = self._regions(api)
        with _threads(CALLS_SIDE_BY_SIDE) as calls, _threads(len(regions)) as pool:
            trails = calls.submit(_attempt, lambda: reads.trails.get(api))
            account_id = self.subject.account.caller.account_id
            reader = RuleReader(account_id, user, calls, TargetRoles(api, account_id, calls))
            found = pool.map(lambda region: _attempt(lambda: reader.read(api.in_region(region), region)), regions)
            alerts = dict(zip(regions, found, strict=True))
        problems = [alert for alert in alerts.values() if isinstance(alert, Problem)]
        if len(problems) == len(alerts):
            raise problems[0]
        AlertReport(self.clients, self.subject.user_name, alerts).add_to(findings)
        _add_trails(trails.result(), findings)
        if unlisted is not None:
            findings.warn(f"the enabled Regions of the account could not be read: {unlisted.what}", unlisted.next)
        self._add_risk(alerts.values(), findings)
        expected = "an EventBridge rule for successful and failed sign-ins, with a target that works"
        return findings.result(self, expected=f"{expected}, in each of {', '.join(regions)}", why=WHY)

    def _regions(self, api: Api) -> tuple[tuple[str, ...], Problem | None]:
        """Return every Region that can record a sign-in, and the ``Problem`` of reading the enabled Regions, or None.

        The list of the assessment is used if it comes from AWS.
        """
        account = self.subject.account
        if account.regions is None or not account.regions.verified:
            account = replace(account, regions=read_regions(api, account.caller.partition))
        problem = account.regions.problem if account.regions else None
        return alert_regions(account, chosen_region(self.subject)), problem

    def _add_risk(self, alerts: Iterable[RegionAlert | Problem], findings: Findings) -> None:
        works = [isinstance(alert, RegionAlert) and alert.works for alert in alerts]
        if not all(works):
            text = f"No proven alert for a sign-in in {works.count(False)} of {len(works)} Regions"
            findings.risk(text, SET_UP)


def alert_regions(account: Account, region: str) -> tuple[str, ...]:
    """Return every Region that can record a sign-in of a user that is set up in ``region``. Makes no AWS call."""
    listed = account.regions
    enabled = [found.name for found in listed.items if found.enabled] if listed and listed.verified else []
    return sign_in_regions(account.caller.partition, region, enabled)


def _threads(number: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(number, thread_name_prefix="breakglass-rules")


def _attempt(read: Callable[[], T]) -> T | Problem:
    """Return the result of ``read``, or the ``Problem`` that it raises."""
    try:
        return read()
    except Problem as problem:
        return problem


def _add_trails(trails: tuple[Trail, ...] | Problem, findings: Findings) -> None:
    """Add a finding if EventBridge may get no sign-ins because no trail logs."""
    if isinstance(trails, Problem):
        findings.warn(f"it is unknown whether a trail logs: {trails.what}", trails.next)
    elif not any(trail.feeds_event_rules for trail in trails):
        unread = next((trail.problem for trail in trails if trail.problem), None)
        if unread:
            findings.warn(f"it is unknown whether a trail logs: {unread.what}", unread.next)
        else:
            text = "no trail logs every Region, and EventBridge gets sign-ins only from a trail"
            findings.warn(text, f'Fix the check "{TrailCheck.title}" first.')
