"""Options: what stands before the command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The global options, as they were given."""

    demo: bool = False
    plain: bool = False
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    theme: str | None = None
