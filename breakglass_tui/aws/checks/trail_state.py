"""The CloudTrail trails of the account: what each records, and whether it logs and delivers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.event_selectors import EVERY_MANAGEMENT_EVENT, RecordedEvents, recorded_events
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show

NO_DELIVERY = timedelta(days=1)
"""The time without a log file after which delivery counts as broken.

CloudTrail delivers a log file about every 5 minutes (CloudTrail User Guide).
"""
Selectors = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Trail:
    """A CloudTrail trail. ``everywhere`` means that it records every Region and the events of global services.

    The event selectors are in ``basic`` or in ``advanced``. Both are empty for a trail with the default selectors,
    which record all management events (CloudTrail API, EventSelector). ``home`` is its home Region. ``delivered`` is
    the time of the last log file. If its status or selectors could not be read, ``problem`` is why.
    """

    arn: str
    home: str
    bucket: str
    everywhere: bool
    basic: Selectors = ()
    advanced: Selectors = ()
    logging: bool = False
    delivered: datetime | None = None
    delivery_error: str = ""
    problem: Problem | None = None

    @property
    def missing_events(self) -> tuple[str, ...]:
        """The management events that the trail does not record, as phrases, for example ``read events``."""
        return recorded_by([self]).missing

    @property
    def feeds_event_rules(self) -> bool:
        """Whether EventBridge gets sign-ins through this trail, which must log the write events of every Region.

        Sources: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail"; a ConsoleLogin event has
        ``readOnly: false`` (CloudTrail User Guide, console sign-in events).
        """
        return self.problem is None and self.everywhere and self.logging and recorded_by([self]).writes

    def works(self, now: datetime) -> bool:
        """Return whether the trail records every Region and delivers its log files.

        Which events it records does not matter.
        """
        return self.problem is None and self.everywhere and self.logging and not self.delivery_fault(now)

    def delivery_fault(self, now: datetime) -> str:
        """Return a clause that says why the trail does not deliver to S3, or "" if it does."""
        if self.delivery_error:
            return f"the last delivery to {show(self.bucket)} failed: {show(self.delivery_error)}"
        if self.delivered is None:
            return "it has not delivered a log file yet"
        if now - self.delivered > NO_DELIVERY:
            return f"it delivered its last log file on {self.delivered:%Y-%m-%d %H:%M} UTC"
        return ""


def recorded_by(trails: Iterable[Trail]) -> RecordedEvents:
    """Return the management events that at least one of the trails records."""
    basic, advanced = list[Mapping[str, Any]](), list[Mapping[str, Any]]()
    for trail in trails:
        default = not trail.basic and not trail.advanced
        basic += [EVERY_MANAGEMENT_EVENT] if default else trail.basic
        advanced += trail.advanced
    return recorded_events(basic, advanced)


def complete_trails(trails: Iterable[Trail], now: datetime) -> tuple[Trail, ...]:
    """Return a trail that works and records all management events, or several trails that do so together.

    The result is empty if the working trails together do not record all of them.
    """
    working = [trail for trail in trails if trail.works(now)]
    alone = next((trail for trail in working if not trail.missing_events), None)
    if alone is not None:
        return (alone,)
    together = tuple(trail for trail in working if recorded_by([trail]).some)
    return () if recorded_by(together).missing else together


def read_trails(api: Api) -> tuple[Trail, ...]:
    """Return the trails that DescribeTrails lists in the Region of ``api``. Raises ``Problem``.

    Status and selectors are read, in parallel, only for trails of every Region. They are read in the home Region of the
    trail, because GetTrailStatus returns the status of one Region (CloudTrail API).
    """
    listed = api.call("cloudtrail:DescribeTrails", fields=("trailList",))["trailList"]
    if not listed:
        return ()
    with ThreadPoolExecutor(max_workers=len(listed), thread_name_prefix="breakglass-trails") as pool:
        return tuple(pool.map(lambda item: _read(api, item), listed))


def _read(api: Api, item: Mapping[str, Any]) -> Trail:
    home = str(item.get("HomeRegion", ""))
    everywhere = bool(item.get("IsMultiRegionTrail") and item.get("IncludeGlobalServiceEvents", True))
    trail = Trail(str(item["TrailARN"]), home, str(item.get("S3BucketName", "")), everywhere)
    if not everywhere:
        return trail
    try:
        status = api.in_region(home).call("cloudtrail:GetTrailStatus", fields=("IsLogging",), Name=trail.arn)
        selectors = _selectors(api.in_region(home), trail.arn) if item.get("HasCustomEventSelectors") else {}
    except Problem as problem:
        return replace(trail, problem=problem)
    return replace(
        trail,
        basic=tuple(selectors.get("EventSelectors") or ()),
        advanced=tuple(selectors.get("AdvancedEventSelectors") or ()),
        logging=bool(status["IsLogging"]),
        delivered=status.get("LatestDeliveryTime"),
        delivery_error=str(status.get("LatestDeliveryError") or ""),
    )


def _selectors(api: Api, arn: str) -> Mapping[str, Any]:
    return api.call("cloudtrail:GetEventSelectors", fields=("TrailARN",), TrailName=arn)
