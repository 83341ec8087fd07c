"""The fault matrix as a table of letters: operations down, faults across."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from fault_cells import FAULTS, Phase, Way

FAILED = "FAILED"
LETTERS: Mapping[str, str] = {
    Way.DONE: "d",
    Way.RESUMED: "D",
    Way.UNDONE: "u",
    Way.UNDONE_LATER: "U",
    Way.PASSED: "p",
    Way.TOLD: "t",
    FAILED: "X",
}
Row = tuple[str, str, int]
"""A phase, an operation, and which of its calls."""


def table(ways: Mapping[tuple[str, str, int, str], str]) -> Iterable[str]:
    """The lines of the table for what came out of each cell, given as phase, operation, number and fault."""
    rows: list[Row] = sorted({cell[:3] for cell in ways}, key=lambda row: (list(Phase).index(Phase(row[0])), row))
    width = max((len(_name(row)) for row in rows), default=0)
    for number, fault in enumerate(FAULTS):
        yield " " * width + "  │" * number + f"  ┌ {fault}"
    for row in rows:
        yield _name(row).ljust(width) + "".join(
            f"  {LETTERS.get(ways.get((*row, fault), ''), '·')}" for fault in FAULTS
        )
    counts = Counter(ways.values())
    yield ""
    for way, letter in LETTERS.items():
        yield f"{letter}  {way}: {counts[way]}"
    yield f"{len(ways)} cells"


def _name(row: Row) -> str:
    phase, operation, nth = row
    return f"{phase:<8} {operation}" + (f" (call {nth})" if nth > 1 else "")
