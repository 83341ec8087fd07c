"""Detects a journal that is older than the reports of its run, such as a restored backup."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.text import show
from breakglass_tui.limited_files import read_limited

REPORTS = ("report.json", "export-*/report.json")
LARGEST = 16 * 1024 * 1024
"""The size in bytes above which a file is not read as a report."""
STALE = "JournalStale"
"""The code of the problem that a journal does not have an event that a report of its run has."""


def require_current(header: RunHeader, hashes: Collection[str]) -> None:
    """Raise ``Problem`` if a report of the run names a line that is not in its journal.

    Then the journal is an older copy, or it was rebuilt. What happened after it, such as a new access key, would look
    like a resource to delete. ``hashes`` are those of the lines of the journal. A report that cannot be read is no
    evidence.
    """
    for path in _reports(Path(header.directory)):
        head = _journal_head(path, header.id)
        if head and head not in hashes:
            raise _stale(header, path)


def _reports(directory: Path) -> Iterator[Path]:
    for pattern in REPORTS:
        yield from sorted(directory.glob(pattern))


def _journal_head(path: Path, run_id: str) -> str:
    """Return the hash of the last journal line that the report at ``path`` names, or "" if it is not of this run."""
    try:
        document = json.loads(read_limited(path, LARGEST)[0])
        return str(document["integrity"]["journal_head"]) if document["run"]["id"] == run_id else ""
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _stale(header: RunHeader, report: Path) -> Problem:
    name = show(str(header.request.get("user_name", "")))
    return Problem(
        f"The journal of run {show(header.id)} is older than its report, or was changed. It is not used.",
        why=f"{show(str(report), 4096)} names an event that the journal does not have. "
        "A resume or undo could delete working credentials.",
        next=f"Restore the newest journal of this run. To test the user, validate {name}.",
        kind=Kind.LOCAL,
        code=STALE,
    )
