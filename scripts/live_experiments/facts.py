"""Facts: what the AWS documentation leads to expect, what the account showed, and the request ids as evidence."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from breakglass_tui.domain.calls import Call


class FactStatus(StrEnum):
    """Whether the account showed what was expected. NOT_SHOWN means that this account or endpoint cannot show it."""

    AS_EXPECTED = "as-expected"
    DIFFERENT = "different"
    NOT_SHOWN = "not-shown"
    FAILED = "failed"


MARKS = {
    FactStatus.AS_EXPECTED: "as expected",
    FactStatus.DIFFERENT: "DIFFERENT  ",
    FactStatus.NOT_SHOWN: "not shown  ",
    FactStatus.FAILED: "FAILED     ",
}
LONGEST_EVIDENCE = 8
"""The largest number of requests that are printed for a fact. The JSON document has all of them."""


@dataclass(frozen=True)
class Fact:
    """A statement ``fact`` about AWS, with what was expected and found.

    ``why_not_shown`` is why this account could not show it, or an empty string. ``requests`` has the keys
    ``operation``, ``request_id`` and ``error``.
    """

    experiment: str
    fact: str
    expected: str
    found: str
    status: FactStatus
    why_not_shown: str
    requests: tuple[dict[str, str], ...]

    def lines(self) -> Iterator[str]:
        """Yield the fact as lines of text for the terminal."""
        yield from _wrapped(f"{MARKS[self.status]}  {self.experiment}: {self.fact}", "")
        yield from _wrapped(f"expected: {self.expected}", "    ")
        yield from _wrapped(f"found:    {self.found}", "    ") if self.found else ()
        yield from _wrapped(f"not shown because {self.why_not_shown}", "    ") if self.why_not_shown else ()
        for request in self.requests[:LONGEST_EVIDENCE]:
            yield f"    {' '.join(filter(None, request.values()))}"
        if len(self.requests) > LONGEST_EVIDENCE:
            yield f"    and {len(self.requests) - LONGEST_EVIDENCE} more requests"


def requests_of(calls: Iterable[Call]) -> tuple[dict[str, str], ...]:
    """Return a mapping for each call, with the keys ``operation``, ``request_id`` and ``error`` (the error code)."""
    return tuple({"operation": one.operation, "request_id": one.request_id, "error": one.error} for one in calls)


def as_json(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Return the facts as mappings for the JSON document."""
    return [asdict(fact) for fact in facts]


def summary(facts: Sequence[Fact]) -> str:
    """Return a sentence with the number of facts of each status."""
    counts = Counter(fact.status for fact in facts)
    named = [f"{counts[status]} {mark.strip().lower()}" for status, mark in MARKS.items() if counts[status]]
    return f"{len(facts)} facts: {', '.join(named)}." if facts else "No experiment ended."


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, 110, initial_indent=indent, subsequent_indent=f"{indent}    ", break_long_words=False)
