"""The event selectors of a trail, which decide the management events that it records.

An event is recorded if it matches one of the selectors. Sources: CloudTrail API, EventSelector, AdvancedEventSelector
and PutEventSelectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LIMIT = 5
"""The maximum number of basic event selectors of one trail."""
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
    """The management events that selectors record, of one trail or of several.

    ``excludes`` has the event sources whose events they do not record.
    """

    reads: bool
    writes: bool
    excludes: tuple[str, ...] = ()

    @property
    def some(self) -> bool:
        """Whether any management events are recorded."""
        return self.reads or self.writes

    @property
    def missing(self) -> tuple[str, ...]:
        """The kinds of management events that are not recorded, as phrases. Empty if all are recorded."""
        if not self.some:
            return ("management events",)
        gaps = ("read events",) * (not self.reads) + ("write events",) * (not self.writes)
        return (*gaps, *(f"events of {source}" for source in self.excludes))


@dataclass(frozen=True, slots=True)
class _Selection:
    """The management events that one selector records.

    ``kinds`` has ``read`` and ``write``. ``excludes`` has the event sources that the selector excludes.
    """

    kinds: frozenset[str]
    excludes: frozenset[str] = frozenset()


def recorded_events(basic: Sequence[Mapping[str, Any]], advanced: Sequence[Mapping[str, Any]]) -> RecordedEvents:
    """Return which management events the selectors record together."""
    selections = [*map(_basic, basic), *map(_advanced, advanced)]
    excluded = [_excluded(kind, selections) for kind in sorted(_BOTH)]
    reads, writes = (sources is not None for sources in excluded)
    sources = frozenset[str]().union(*(sources for sources in excluded if sources))
    return RecordedEvents(reads, writes, tuple(sorted(sources)))


def with_every_management_event(basic: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """Return basic selectors that add all management events to the data events of ``basic``.

    The result is None if it would have more than ``LIMIT`` selectors.
    """
    data = [{**selector, "IncludeManagementEvents": False} for selector in basic if selector.get("DataResources")]
    return [*data, EVERY_MANAGEMENT_EVENT] if len(data) < LIMIT else None


def with_every_management_event_advanced(advanced: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return advanced selectors that record all management events, and the other events of ``advanced``."""
    others = [dict(selector) for selector in advanced if "Management" not in _fields(selector).get("eventCategory", ())]
    return [*others, EVERY_MANAGEMENT_EVENT_ADVANCED]


def _excluded(kind: str, selections: Iterable[_Selection]) -> frozenset[str] | None:
    """Return the event sources that every selector of ``kind`` excludes, or None if no selector includes the kind.

    ``kind`` is ``read`` or ``write``.
    """
    sets = [selection.excludes for selection in selections if kind in selection.kinds]
    return frozenset.intersection(*sets) if sets else None


def _basic(selector: Mapping[str, Any]) -> _Selection:
    if not selector.get("IncludeManagementEvents", True):
        return _Selection(frozenset())
    kinds = {"ReadOnly": frozenset({"read"}), "WriteOnly": frozenset({"write"})}
    excludes = frozenset(map(str, selector.get("ExcludeManagementEventSources") or ()))
    return _Selection(kinds.get(str(selector.get("ReadWriteType", "All")), _BOTH), excludes)


def _advanced(selector: Mapping[str, Any]) -> _Selection:
    """Return what an advanced selector records of the management events.

    A field that this function does not know limits the selector to an unknown part of the events. Such a selector
    counts as if it recorded nothing.
    """
    items = {str(item["Field"]): item for item in selector.get("FieldSelectors", ())}
    fields, sources = _fields(selector), items.get("eventSource", {})
    limited = items.keys() - {"eventCategory", "readOnly", "eventSource"} or sources.keys() - {"Field", "NotEquals"}
    if "Management" not in fields.get("eventCategory", ()) or limited:
        return _Selection(frozenset())
    kinds = {"true": frozenset({"read"}), "false": frozenset({"write"})}
    excludes = frozenset(map(str, sources.get("NotEquals") or ()))
    return _Selection(kinds.get("".join(fields.get("readOnly", ())), _BOTH), excludes)


def _fields(selector: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the values in ``Equals`` for each field of an advanced selector."""
    return {str(item["Field"]): tuple(item.get("Equals") or ()) for item in selector.get("FieldSelectors", ())}
