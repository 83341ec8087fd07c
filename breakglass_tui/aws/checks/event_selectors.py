"""Event selectors: which management events a trail records.

Sources: CloudTrail API, EventSelector, AdvancedEventSelector and PutEventSelectors. An event is recorded if it matches
one of the selectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LIMIT = 5
"""Basic event selectors of one trail."""
EVERY_MANAGEMENT_EVENT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
EVERY_MANAGEMENT_EVENT_ADVANCED = {
    "Name": "Management events",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}
_BOTH = frozenset({"read", "write"})


@dataclass(frozen=True, slots=True)
class RecordedEvents:
    """The management events that a trail records, and the event sources that it ``excludes``."""

    reads: bool
    writes: bool
    excludes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not recorded, in words."""
        if not self.reads and not self.writes:
            return ("management events",)
        gaps = ("read events",) * (not self.reads) + ("write events",) * (not self.writes)
        return (*gaps, *(f"events of {source}" for source in self.excludes))


@dataclass(frozen=True, slots=True)
class _Selection:
    """One selector of management events: the kinds of events that it includes, and the sources that it excludes."""

    kinds: frozenset[str]
    excludes: frozenset[str] = frozenset()


def recorded_events(basic: Sequence[Mapping[str, Any]], advanced: Sequence[Mapping[str, Any]]) -> RecordedEvents:
    """Return what the selectors record together. Without selectors, that is everything."""
    if not basic and not advanced:
        return RecordedEvents(reads=True, writes=True)
    selections = [*map(_basic, basic), *map(_advanced, advanced)]
    excluded = [_excluded(kind, selections) for kind in sorted(_BOTH)]
    reads, writes = (sources is not None for sources in excluded)
    sources = frozenset[str]().union(*(sources for sources in excluded if sources))
    return RecordedEvents(reads, writes, tuple(sorted(sources)))


def with_every_management_event(basic: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """Return basic selectors that record the same data events and all management events, or None if there are too many.

    A selector without management events keeps its data events.
    """
    data = [{**selector, "IncludeManagementEvents": False} for selector in basic if selector.get("DataResources")]
    return [*data, EVERY_MANAGEMENT_EVENT] if len(data) < LIMIT else None


def with_every_management_event_advanced(advanced: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return advanced selectors that record the same other events and all management events."""
    others = [dict(selector) for selector in advanced if "Management" not in _fields(selector).get("eventCategory", ())]
    return [*others, EVERY_MANAGEMENT_EVENT_ADVANCED]


def _excluded(kind: str, selections: Iterable[_Selection]) -> frozenset[str] | None:
    """Return the sources that every selector of this kind excludes, or None if no selector includes the kind."""
    sets = [selection.excludes for selection in selections if kind in selection.kinds]
    return frozenset.intersection(*sets) if sets else None


def _basic(selector: Mapping[str, Any]) -> _Selection:
    if not selector.get("IncludeManagementEvents", True):
        return _Selection(frozenset())
    kinds = {"ReadOnly": frozenset({"read"}), "WriteOnly": frozenset({"write"})}
    excludes = frozenset(map(str, selector.get("ExcludeManagementEventSources") or ()))
    return _Selection(kinds.get(str(selector.get("ReadWriteType", "All")), _BOTH), excludes)


def _advanced(selector: Mapping[str, Any]) -> _Selection:
    """Return the selection. A field that is not known limits the selector to an unknown part, which does not count."""
    items = {str(item["Field"]): item for item in selector.get("FieldSelectors", ())}
    fields, sources = _fields(selector), items.get("eventSource", {})
    limited = items.keys() - {"eventCategory", "readOnly", "eventSource"} or sources.keys() - {"Field", "NotEquals"}
    if "Management" not in fields.get("eventCategory", ()) or limited:
        return _Selection(frozenset())
    kinds = {"true": frozenset({"read"}), "false": frozenset({"write"})}
    excludes = frozenset(map(str, sources.get("NotEquals") or ()))
    return _Selection(kinds.get("".join(fields.get("readOnly", ())), _BOTH), excludes)


def _fields(selector: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the values that each field must equal."""
    return {str(item["Field"]): tuple(item.get("Equals") or ()) for item in selector.get("FieldSelectors", ())}
