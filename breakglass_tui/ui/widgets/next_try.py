"""NextTry: what ctrl+r retries on a screen that shows a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

ASKS_AGAIN = "asks AWS again"
CHECKS_AGAIN = "checks again"
GOES_ON = "resumes or removes it here"
LOOKS_AGAIN = "asks AWS again"
READS_AGAIN = "reads the missing parts again"
TRIES_AGAIN = "tries again"


class NextTry(NamedTuple):
    """A retry that the key ctrl+r offers.

    ``does`` describes it, such as "asks AWS again". The screen shows it after the key. ``do`` starts the retry.
    """

    does: str
    do: Callable[[], object]


def said(does: str) -> str:
    """Return a sentence about the retry, such as "ctrl+r asks AWS again.", to be shown beside a problem."""
    return f"ctrl+r {does}."
