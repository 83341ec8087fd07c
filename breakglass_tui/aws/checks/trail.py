"""The check ``trail``: CloudTrail records the user's actions in every Region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "After an emergency someone must report what the user did. "
    "Without a trail, CloudTrail keeps events for 90 days, separately in each Region."
)
CREATE = (
    "Create a trail, with a bucket that CloudTrail can write to in place of BUCKET: "
    "aws cloudtrail create-trail --name all-regions --s3-bucket-name BUCKET --is-multi-region-trail && "
    "aws cloudtrail start-logging --name all-regions"
)


@dataclass(frozen=True)
class TrailCheck(UserCheck):
    """DescribeTrails and GetTrailStatus: a multi-Region trail that logs, with the events of global services."""

    id = "trail"
    title = "CloudTrail logs"

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the status of the multi-Region trails until one logs."""
        subject = self.subject
        region = subject.request.region if subject.request else subject.account.region
        api, findings = Api(self.clients, context, region=region), Findings()
        trails = api.call("cloudtrail:DescribeTrails", fields=("trailList",))["trailList"]
        stopped: list[str] = []
        for trail in filter(_covers_all, trails):
            arn = str(trail["TrailARN"])
            home = api.in_region(str(trail.get("HomeRegion", "")))
            if home.call("cloudtrail:GetTrailStatus", fields=("IsLogging",), Name=arn)["IsLogging"]:
                findings.good(f"{show(arn)} logs every Region")
                break
            stopped.append(arn)
        else:
            _no_logging(trails, stopped, findings)
        return findings.result(self, expected="a trail that logs every Region", why=WHY)


def _covers_all(trail: Mapping[str, Any]) -> bool:
    return bool(trail.get("IsMultiRegionTrail") and trail.get("IncludeGlobalServiceEvents", True))


def _no_logging(trails: list[Mapping[str, Any]], stopped: list[str], findings: Findings) -> None:
    if stopped:
        region = stopped[0].split(":")[3]
        start = f"aws cloudtrail start-logging --region {show(region)} --name {show(stopped[0])}"
        findings.warn(f"{', '.join(map(show, stopped))} does not log", f"Start logging: {start}")
    elif trails:
        count = "1 trail, but it does" if len(trails) == 1 else f"{len(trails)} trails, but they do"
        findings.warn(f"{count} not log every Region", CREATE)
    else:
        findings.warn("there is no trail", CREATE)
