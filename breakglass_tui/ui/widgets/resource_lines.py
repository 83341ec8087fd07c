"""The resources of a run as text, for the dialogs that ask whether to remove or keep them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_resources import RunResource, run_resources

UNCONFIRMED = "not known whether AWS created it"
NOTES = {
    Observation.ABSENT: "AWS does not have it now",
    Observation.UNMANAGED: "AWS has another one, which is not removed",
}
"""The note on a resource, by what the last read of AWS found for its step."""


def removal_lines(record: RunRecord, observed: Mapping[str, ObservedState]) -> Iterator[str]:
    """Yield a line for each resource that an undo removes, in the order of the removal.

    ``observed`` has the state in AWS by step id, as far as it was read.
    """
    for resource in reversed(run_resources(record)):
        note = _note(resource, observed.get(resource.step))
        yield f"{resource.name} ({note})" if note else resource.name


def listed(resources: Iterable[RunResource]) -> str:
    """Return the names of ``resources`` on one line. A note marks those whose creation is not confirmed."""
    return ", ".join(each.name if each.created else f"{each.name} ({UNCONFIRMED})" for each in resources)


def _note(resource: RunResource, observed: ObservedState | None) -> str:
    if observed is not None and observed.observation in NOTES:
        return NOTES[observed.observation]
    seen = observed is not None and observed.observation is Observation.THERE
    return "" if resource.created or seen else UNCONFIRMED
