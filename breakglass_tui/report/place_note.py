"""The note at the top of a page that does not come from AWS itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from breakglass_tui.domain.endpoints import Endpoint, Place, place_of


class PlaceNote(NamedTuple):
    """A note that says where the calls went. ``mark`` is DEMO, EMULATOR or CUSTOM ENDPOINT. ``text`` follows it."""

    mark: str
    text: str


def place_in(run: Mapping[str, Any]) -> Place:
    """Return where the calls of the part ``run`` of a report went. Without ``emulator``, an endpoint counts as one."""
    url = run.get("endpoint")
    return place_of(Endpoint(url, emulator=run.get("emulator", True)) if url else None, demo=run["demo"])


def place_note(run: Mapping[str, Any]) -> PlaceNote | None:
    """Return the note for the part ``run`` of a report, or None if the calls went to AWS."""
    place, url = place_in(run), run.get("endpoint")
    text = {
        Place.AWS: "",
        Place.DEMO: "a simulated account that ends with its process. Nothing on this page works in AWS.",
        Place.EMULATOR: f"all calls went to {url}. Nothing on this page is proven in AWS.",
        Place.CUSTOM_ENDPOINT: f"all calls went to {url}.",
    }[place]
    return PlaceNote(place.value, text) if text else None
