"""The findings about the alerts of all Regions. Regions with the same finding share one line."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from breakglass_tui.aws.checks.alert_delivery import Fix, Gap, RegionAlert
from breakglass_tui.aws.checks.alert_remedies import create_alerts, repair
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show

K = TypeVar("K", bound=Hashable)
NOT_TESTED = "only a drill shows whether it reaches a person"
ELSEWHERE = "alarms outside EventBridge, such as CloudWatch alarms or a SIEM, cannot be seen from here"
NO_RULE = Gap("no EventBridge rule for a sign-in", Fix.CREATE)


@dataclass(frozen=True)
class AlertReport:
    """The alerts of ``user_name`` in each Region, or the ``Problem`` if a Region could not be read."""

    clients: Clients
    user_name: str
    regions: Mapping[str, RegionAlert | Problem]

    def add_to(self, findings: Findings) -> None:
        """Add the Regions with a working alert first, then the gaps, then the Regions that could not be read."""
        alerts = [alert for alert in self.regions.values() if isinstance(alert, RegionAlert)]
        working = [alert for alert in alerts if alert.works]
        for text, regions in _grouped((_rules(alert), alert.region) for alert in working).items():
            findings.good(f"{text} in {self._count(regions)}")
        if working:
            findings.good(NOT_TESTED)
        self._add_gaps(_grouped((gap, alert.region) for alert in alerts for gap in _gaps(alert)), findings)
        self._add_unread(findings)
        if len(working) < len(alerts):
            findings.good(ELSEWHERE)

    def _add_gaps(self, gaps: Mapping[Gap, Sequence[str]], findings: Findings) -> None:
        """Add each gap with its Regions and its remedy. All gaps to CREATE share one command."""
        regions_without = [region for gap, regions in gaps.items() if gap.fix is Fix.CREATE for region in regions]
        create = create_alerts(self.clients, self.user_name, list(dict.fromkeys(regions_without)))
        for gap, regions in gaps.items():
            topics = [gap.topic.replace("*", region, 1) for region in regions if gap.topic]
            remedy = create if gap.fix is Fix.CREATE else gap.next or repair(self.clients, gap.fix, topics)
            places = ", ".join(regions) if gap is NO_RULE else self._places(regions)
            findings.warn(": ".join(filter(None, (f"{gap.text} in {places}", gap.detail))), remedy)

    def _add_unread(self, findings: Findings) -> None:
        problems = {region: each for region, each in self.regions.items() if isinstance(each, Problem)}
        for what, regions in _grouped((problem.what, region) for region, problem in problems.items()).items():
            findings.warn(f"{', '.join(regions)} could not be read: {what}", problems[regions[0]].next)

    def _count(self, regions: Sequence[str]) -> str:
        every = len(regions) == len(self.regions)
        return self._places(regions) if every else f"{len(regions)} of {len(self.regions)} Regions"

    def _places(self, regions: Sequence[str]) -> str:
        every = len(regions) == len(self.regions) > 1
        return f"all {len(regions)} Regions" if every else ", ".join(regions)


def _rules(alert: RegionAlert) -> str:
    rules = dict.fromkeys(show(heard.rule) for heard in (alert.success, alert.failure) if heard)
    return f"{' and '.join(rules)} {'raises' if len(rules) == 1 else 'raise'} an alert"


def _gaps(alert: RegionAlert) -> Iterator[Gap]:
    """Yield the gaps of one Region: sign-ins that no rule matches, and the gaps of the targets.

    The Region in the ARN of a topic is replaced by ``*``, so that equal gaps of several Regions compare as equal.
    """
    both = [heard for heard in (alert.success, alert.failure) if heard]
    if not both:
        yield NO_RULE
    elif len(both) == 1:
        deaf = "failed" if alert.success else "successful"
        yield Gap(f"{show(both[0].rule)} does not match {deaf} sign-ins", Fix.CREATE)
    for gap in dict.fromkeys(gap for heard in both for gap in heard.delivery.gaps):
        yield replace(gap, topic=gap.topic.replace(alert.region, "*", 1))


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, list[str]]:
    """Return the Regions of each key. Keys and Regions keep the order of ``pairs``."""
    found: dict[K, list[str]] = {}
    for key, region in pairs:
        found.setdefault(key, []).append(region)
    return found
