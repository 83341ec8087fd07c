"""The check ``trail``: a CloudTrail trail records the user's actions in every Region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.trail_remedies import TrailRemedies, create_trail
from breakglass_tui.aws.checks.trail_state import Trail, complete_trails
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "After an emergency someone must report what the user did. "
    "Without a trail, CloudTrail keeps events for 90 days, separately in each Region."
)
CAUTION = "No CloudTrail trail records everything that this user does"
SET_UP = "Set up a trail that logs all management events of every Region and delivers to S3."


@dataclass(frozen=True)
class TrailCheck(UserCheck):
    """The check that trails together log all management events of every Region and deliver them to S3.

    It calls DescribeTrails and GetTrailStatus, and GetEventSelectors for a trail with event selectors of its own.
    """

    id = "trail"
    title = "CloudTrail trail"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (
            *scope_of(self.subject).account_wide("cloudtrail:DescribeTrails", optional=True),
            *scope_of(self.subject).trails("cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"),
        )

    def inspect(self, context: StepContext) -> CheckResult:
        """Find trails that record everything, one or several together. Else report the gaps of each trail."""
        findings = Findings()
        trails = self.shared().trails.get(Api(self.clients, context))
        complete = complete_trails(trails, context.clock.now())
        if complete:
            verb = "logs" if len(complete) == 1 else "together log"
            findings.good(f"{' and '.join(show(trail.arn) for trail in complete)} {verb} every Region")
        else:
            self._report(trails, context.clock.now(), findings)
        expected = "a trail that logs every Region, with all read and write management events"
        return findings.result(self, expected=expected, why=WHY)

    def _report(self, trails: tuple[Trail, ...], now: datetime, findings: Findings) -> None:
        """Add the gaps of each trail. Raises ``Problem`` if no trail of all Regions could be read."""
        candidates = [trail for trail in trails if trail.everywhere]
        problems = [trail.problem for trail in candidates if trail.problem]
        if problems and len(problems) == len(candidates):
            raise problems[0]
        for trail in candidates:
            for text, remedy in self._gaps(trail, now):
                findings.warn(text, remedy)
        if not trails:
            findings.warn("there is no trail", create_trail(self.clients))
        elif not candidates:
            count = "1 trail, but it does" if len(trails) == 1 else f"{len(trails)} trails, but they do"
            findings.warn(f"{count} not log every Region", create_trail(self.clients))
        findings.risk(CAUTION, SET_UP)

    def _gaps(self, trail: Trail, now: datetime) -> list[tuple[str, str]]:
        """Return the gaps of a trail of all Regions, each with its text and its remedy."""
        name = show(trail.arn)
        remedies = TrailRemedies(self.clients, trail, self.subject.account.caller.account_id)
        if trail.problem:
            return [(f"{name} could not be read: {trail.problem.what}", trail.problem.next)]
        gaps = []
        if not trail.logging:
            gaps.append((f"{name} does not log", remedies.start_logging()))
        if trail.missing_events:
            missing = ", ".join(map(show, trail.missing_events))
            gaps.append((f"{name} does not record all {missing}", remedies.record_all()))
        fault = trail.delivery_fault(now)
        if fault and trail.logging:
            gaps.append((f"{name}: {fault}", remedies.repair_delivery()))
        return gaps
