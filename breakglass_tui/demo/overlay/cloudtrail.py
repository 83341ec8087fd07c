"""The simulated CloudTrail: trails and their logging status, visible in every Region that they cover."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests
from breakglass_tui.demo.world import SimulatedTrail


class DemoCloudTrail(AuthorizedRequests):
    """The simulated calls of CloudTrail."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudtrail")

    def describe_trails(self) -> ActionResult:
        """Return the trails of this Region and, unless excluded, the shadow trails of other Regions."""
        shadows = self._get_param("includeShadowTrails", if_none=True)
        names = self._get_param("trailNameList") or ()
        trails = [
            trail
            for trail in self.world.trails
            if trail.home == self.region or (trail.everywhere and shadows)
            if not names or {trail.name, self._arn(trail)} & set(names)
        ]
        return ActionResult({"trailList": [self._described(trail) for trail in trails]})

    def get_trail_status(self) -> ActionResult:
        """Return whether the trail logs. A shadow trail is found only by its ARN."""
        return ActionResult({"IsLogging": self._named(shadows=True).logging})

    def start_logging(self) -> EmptyResult:
        """Start logging. Only the home Region of the trail may do this."""
        self._named(shadows=False).logging = True
        return EmptyResult()

    def stop_logging(self) -> EmptyResult:
        """Stop logging. Only the home Region of the trail may do this."""
        self._named(shadows=False).logging = False
        return EmptyResult()

    def _named(self, *, shadows: bool) -> SimulatedTrail:
        name = str(self._get_param("Name"))
        for trail in self.world.trails:
            here = trail.home == self.region
            if name == self._arn(trail) and not here and not (shadows and trail.everywhere):
                text = f"The trail was not created in this Region: {self.region}"
                raise ApiRefusal("InvalidHomeRegionException", text)
            if name == self._arn(trail) or (name == trail.name and here):
                return trail
        raise ApiRefusal("TrailNotFoundException", f"Unknown trail: {name} for the user: {self.world.account_id}")

    def _arn(self, trail: SimulatedTrail) -> str:
        return f"arn:aws:cloudtrail:{trail.home}:{self.world.account_id}:trail/{trail.name}"

    def _described(self, trail: SimulatedTrail) -> dict[str, Any]:
        return {
            "Name": trail.name,
            "S3BucketName": trail.bucket,
            "IncludeGlobalServiceEvents": trail.everywhere,
            "IsMultiRegionTrail": trail.everywhere,
            "HomeRegion": trail.home,
            "TrailARN": self._arn(trail),
            "LogFileValidationEnabled": True,
            "HasCustomEventSelectors": False,
            "HasInsightSelectors": False,
            "IsOrganizationTrail": False,
        }
