"""What a report has recorded of an envelope, found again for the file that lies there now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.sealed_file import SealedFile, read_small

LIMIT_BYTES = 4 * 1024 * 1024
NAME = "report.json"


@dataclass(frozen=True, slots=True)
class RecordedEnvelope:
    """An envelope as the report ``report`` names it; ``custodians`` is empty where the report does not tell them."""

    report: Path
    sha256: str
    contents: tuple[str, ...]
    custodians: tuple[str, ...]
    needs: int


@dataclass(frozen=True, slots=True)
class RecordLookup:
    """What a look for the file in a report came to: an entry, or why there is none."""

    recorded: RecordedEnvelope | None
    missing: str = ""


def look_up(sealed: SealedFile, report: Path | None) -> RecordLookup:
    """The entry of ``sealed`` in ``report`` or, if none is named, in the report.json beside it.

    Raises ``Problem`` if the report that was named is none.
    """
    named = report is not None
    path = report or sealed.path.absolute().parent / NAME
    try:
        entries = _entries(path)
    except Problem as problem:
        if named:
            raise
        why = (
            "there is no report.json beside it"
            if not path.exists()
            else f"the report.json beside it is of no use: {problem.why}"
        )
        return RecordLookup(None, why)
    # By its name first: another envelope of the run in this one's place is not the file that lay here.
    called = [entry for entry in entries if Path(str(entry.get("path", ""))).name == sealed.path.name]
    found = called or [entry for entry in entries if entry.get("sha256") == sealed.sha256]
    if not found:
        return RecordLookup(None, f"{show(str(path))} names no such file")
    return RecordLookup(_recorded(path, found[0]))


def _entries(path: Path) -> list[dict[str, Any]]:
    content, _ = read_small(path, "report", limit=LIMIT_BYTES)
    try:
        document = json.loads(content)
        entries = document["envelopes"]
        if document["schema_version"] != 1 or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Problem(
            f"{show(str(path), 200)} is not a report.",
            why="It is not the JSON document that apply writes as report.json.",
            next="Name the report.json of the run with --report.",
            kind=Kind.USAGE,
        ) from None
    return list(entries)


def _recorded(path: Path, entry: Mapping[str, Any]) -> RecordedEnvelope:
    needs = entry.get("needs")
    return RecordedEnvelope(
        path,
        str(entry.get("sha256", "")),
        _texts(entry.get("contents")),
        _texts(entry.get("custodians")),
        needs if isinstance(needs, int) else 1,
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
