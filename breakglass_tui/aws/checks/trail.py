"""The check ``trail``: what the user does in the emergency is recorded, in every Region."""

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

WHY = "Afterwards somebody must tell what was done; without a trail CloudTrail keeps 90 days, Region by Region."
MAKE = (
    "aws cloudtrail create-trail --name all-regions --s3-bucket-name BUCKET --is-multi-region-trail, then "
    "aws cloudtrail start-logging --name all-regions"
)


@dataclass(frozen=True)
class TrailCheck(UserCheck):
    """DescribeTrails and GetTrailStatus: one trail of all Regions that logs, with the events of global services."""

    id = "trail"
    title = "CloudTrail logs"

    def inspect(self, context: StepContext) -> CheckResult:
        """Look at the trails, those of all Regions first, until one is found that logs."""
        subject = self.subject
        region = subject.request.region if subject.request else subject.account.region
        api, findings = Api(self.clients, context, region=region), Findings()
        trails = api.call("cloudtrail:DescribeTrails", fields=("trailList",))["trailList"]
        everywhere = [trail for trail in trails if _everywhere(trail)]
        silent: list[str] = []
        for trail in everywhere:
            arn = str(trail["TrailARN"])
            at_home = api.in_region(str(trail.get("HomeRegion", "")))
            if at_home.call("cloudtrail:GetTrailStatus", fields=("IsLogging",), Name=arn)["IsLogging"]:
                findings.good(f"{show(arn)} logs every Region")
                break
            silent.append(arn)
        else:
            _none(trails, silent, findings)
        return findings.result(self, expected="a trail of all Regions that logs", why=WHY)


def _everywhere(trail: Mapping[str, Any]) -> bool:
    return bool(trail.get("IsMultiRegionTrail") and trail.get("IncludeGlobalServiceEvents", True))


def _none(trails: list[Mapping[str, Any]], silent: list[str], findings: Findings) -> None:
    if silent:
        region = silent[0].split(":")[3]
        start = f"aws cloudtrail start-logging --region {show(region)} --name {show(silent[0])}"
        findings.warn(f"{', '.join(map(show, silent))} does not log", f"Start it: {start}")
    elif trails:
        findings.warn(f"{len(trails)} trails, none of them of all Regions", MAKE)
    else:
        findings.warn("there is no trail", MAKE)
