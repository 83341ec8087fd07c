"""The simulated CloudTrail: trails with their status and event selectors, and the event history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from breakglass_tui.demo.notification_world import ALL_MANAGEMENT_EVENTS, SimulatedTrail
from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.overlay.authorization import AuthorizedRequests

DELIVERY = timedelta(minutes=5)
"""The age of the newest log file of a trail that logs."""
SELECTORS = 5
"""The maximum number of basic event selectors of a trail (CloudTrail API, PutEventSelectors)."""
EXCLUDABLE = frozenset({"kms.amazonaws.com", "rdsdata.amazonaws.com"})
"""The only event sources that a basic selector can exclude (CloudTrail API, EventSelector)."""
PAGE = 50
"""The maximum number of events in one answer (CloudTrail API, LookupEvents)."""
LOOKUP_ATTRIBUTES = frozenset(
    {
        "AccessKeyId", "EventId", "EventName", "EventSource", "ReadOnly", "ResourceName", "ResourceType", "Username",
    }
)  # fmt: skip
READ_WRITE = frozenset({"All", "ReadOnly", "WriteOnly"})


class DemoCloudTrail(AuthorizedRequests):
    """The CloudTrail operations of the simulated account."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudtrail")

    def resource(self) -> str:
        """Return the ARN of the trail that the call names (Service Authorization Reference, CloudTrail)."""
        named = self._get_param("Name") or self._get_param("TrailName")
        found = (trail for trail in self.world.trails if named in (trail.name, self._arn(trail)))
        return next((self._arn(trail) for trail in found), str(named or "*"))

    def describe_trails(self) -> ActionResult:
        """Return the trails of this Region, and the trails of every Region unless includeShadowTrails is false."""
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
        """Return whether the trail logs and delivers. Outside its home Region, the trail is found only by its ARN."""
        trail = self._named("Name", shadows=True)
        status: dict[str, Any] = {"IsLogging": trail.logging}
        status["LatestDeliveryTime"] = trail.delivered or datetime.now(UTC) - DELIVERY
        if trail.delivery_error:
            status["LatestDeliveryError"] = trail.delivery_error
        return ActionResult(status)

    def get_event_selectors(self) -> ActionResult:
        """Return the event selectors of the trail, which are all basic or all advanced."""
        trail = self._named("TrailName", shadows=True)
        return ActionResult(self._selectors(trail))

    def put_event_selectors(self) -> ActionResult:
        """Replace the event selectors of the trail. AWS accepts this only in the trail's home Region."""
        trail = self._named("TrailName", shadows=False)
        basic, advanced = self._get_param("EventSelectors"), self._get_param("AdvancedEventSelectors")
        if bool(basic) == bool(advanced) or len(basic or ()) > SELECTORS:
            raise _invalid("Specify at most five event selectors, or advanced event selectors, and not both.")
        for selector in basic or ():
            _require_basic(selector)
        for selector in advanced or ():
            _require_advanced(selector)
        trail.advanced, trail.selectors = bool(advanced), list(basic or advanced)
        return ActionResult(self._selectors(trail))

    def _selectors(self, trail: SimulatedTrail) -> dict[str, Any]:
        key = "AdvancedEventSelectors" if trail.advanced else "EventSelectors"
        return {"TrailARN": self._arn(trail), key: trail.selectors}

    def start_logging(self) -> EmptyResult:
        """Start logging. AWS accepts this only in the trail's home Region."""
        self._named("Name", shadows=False).logging = True
        return EmptyResult()

    def stop_logging(self) -> EmptyResult:
        """Stop logging. AWS accepts this only in the trail's home Region."""
        self._named("Name", shadows=False).logging = False
        return EmptyResult()

    def lookup_events(self) -> ActionResult:
        """Return one page of the recorded events of this Region, newest first.

        The call can compare one attribute (CloudTrail API, LookupEvents).
        """
        wanted, limit = self._get_param("LookupAttributes") or [], int(self._get_param("MaxResults", if_none=PAGE))
        if len(wanted) > 1 or any(one["AttributeKey"] not in LOOKUP_ATTRIBUTES for one in wanted):
            raise ApiRefusal("InvalidLookupAttributesException", "Specify one valid lookup attribute.")
        if not 1 <= limit <= PAGE:
            raise ApiRefusal("InvalidMaxResultsException", f"Specify a number of results from 1 to {PAGE}.")
        events = [
            event.described()
            for event in self.world.event_history.in_region(self.region)
            if all(event.attributes.get(one["AttributeKey"]) == one["AttributeValue"] for one in wanted)
        ]
        # The token is the last event of the page before. New events do not move the pages.
        token = self._get_param("NextToken")
        start = 1 + next((place for place, one in enumerate(events) if one["EventId"] == token), -1)
        page = events[start : start + limit]
        return ActionResult({"Events": page, **({"NextToken": page[-1]["EventId"]} if events[start + limit :] else {})})

    def _named(self, parameter: str, *, shadows: bool) -> SimulatedTrail:
        name = str(self._get_param(parameter))
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
            "HasCustomEventSelectors": trail.advanced or trail.selectors != [ALL_MANAGEMENT_EVENTS],
            "HasInsightSelectors": False,
            "IsOrganizationTrail": False,
        }


def _require_basic(selector: Mapping[str, Any]) -> None:
    """Raise ``ApiRefusal`` if a basic event selector has a value that CloudTrail does not accept."""
    if selector.get("ReadWriteType", "All") not in READ_WRITE:
        raise _invalid("The ReadWriteType is not valid.")
    if not EXCLUDABLE.issuperset(selector.get("ExcludeManagementEventSources") or ()):
        raise _invalid("Only the event sources of KMS and of the RDS Data API can be excluded.")


def _require_advanced(selector: Mapping[str, Any]) -> None:
    """Raise ``ApiRefusal`` if an advanced event selector has no eventCategory (API, AdvancedFieldSelector)."""
    if not any(field["Field"] == "eventCategory" and field.get("Equals") for field in selector["FieldSelectors"]):
        raise _invalid("The field eventCategory is required.")


def _invalid(text: str) -> ApiRefusal:
    return ApiRefusal("InvalidEventSelectorsException", text)
