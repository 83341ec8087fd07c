"""Where the calls go: to AWS, to the simulated account, or to the endpoint that the operator named."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Place(StrEnum):
    """Where the calls go, in the words that the operator sees."""

    AWS = "AWS"
    DEMO = "DEMO"
    EMULATOR = "EMULATOR"
    CUSTOM_ENDPOINT = "CUSTOM ENDPOINT"


@dataclass(frozen=True)
class Endpoint:
    """The endpoint that the operator chose for all calls. ``emulator`` means that it is not known to belong to AWS."""

    url: str
    emulator: bool = True

    @property
    def place(self) -> Place:
        """Where calls to this endpoint go: EMULATOR or CUSTOM ENDPOINT."""
        return Place.EMULATOR if self.emulator else Place.CUSTOM_ENDPOINT


def place_of(endpoint: Endpoint | None, *, demo: bool) -> Place:
    """Return where the calls go. Without ``endpoint``, this is AWS.

    ``demo`` means the simulated account, in any case.
    """
    if demo:
        return Place.DEMO
    return endpoint.place if endpoint else Place.AWS


def on_loopback(url: str) -> bool:
    """Return whether the host of ``url`` is localhost or a loopback address.

    Raises ``ValueError`` if ``url`` is not a URL.
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
