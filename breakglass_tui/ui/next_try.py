"""NextTry: what ctrl+r does beside a problem, on whichever screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

ASKS_AGAIN = "asks AWS again"
CHECKS_AGAIN = "checks again"
GOES_ON = "finishes or removes it here"
LOOKS_AGAIN = "looks again"
READS_AGAIN = "reads again what is missing"
TRIES_AGAIN = "tries again"


class NextTry(NamedTuple):
    """``does`` follows the key in a sentence, as in "asks AWS again"; ``do`` does it."""

    does: str
    do: Callable[[], object]


def said(does: str) -> str:
    """The sentence beside the problem."""
    return f"ctrl+r {does}."
