"""NextTry: the retry that ctrl+r offers beside a problem."""

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
    """``does`` follows the key in a sentence, such as "asks AWS again". ``do`` runs the retry."""

    does: str
    do: Callable[[], object]


def said(does: str) -> str:
    """Return the sentence beside the problem."""
    return f"ctrl+r {does}."
