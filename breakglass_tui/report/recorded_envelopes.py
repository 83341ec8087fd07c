"""Finds the entry of a report for an envelope file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.later_exports import later_exports
from breakglass_tui.secrets.sealed_file import SealedFile, read_small

LIMIT_BYTES = 4 * 1024 * 1024
NAME = "report.json"
READABLE_VERSIONS = (1, 2)
"""The schema versions of reports that can be read. The entries of envelopes are the same in both."""


@dataclass(frozen=True, slots=True)
class RecordedEnvelope:
    """The entry for one envelope in the report at ``report``. ``custodians`` is empty if the report does not name them.

    ``needs`` is how many custodians must act together. ``facts`` are the account, the user and the run that wrote the
    envelope. Each is empty if no report has it. A validation has a run id too, and writes no envelope.
    """

    report: Path
    sha256: str
    contents: tuple[str, ...]
    custodians: tuple[str, ...]
    needs: int
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordLookup:
    """The result of a lookup: the entry, or None. ``missing`` is the reason why there is none."""

    recorded: RecordedEnvelope | None
    missing: str = ""


def look_up(sealed: SealedFile, report: Path | None) -> RecordLookup:
    """Return the entry for ``sealed`` in a report. Without ``report``, those in the directory of the envelope are used.

    Of several reports, the newest that lists the file counts, because a later one can have new envelopes. Raises
    ``Problem`` if ``report`` is given and is not a report.
    """
    if report is not None:
        return _look_up(sealed, report, named=True)
    directory = sealed.path.absolute().parent
    *later, first = (_look_up(sealed, each / NAME, named=False) for each in (*later_exports(directory), directory))
    entries = [each.recorded for each in (*later, first) if each.recorded is not None]
    if not entries:
        return first
    newest = entries[0]
    same = (entry.facts["run"] for entry in entries if entry.sha256 == newest.sha256)
    return RecordLookup(replace(newest, facts={**newest.facts, "run": next(filter(None, same), "")}))


def _look_up(sealed: SealedFile, path: Path, *, named: bool) -> RecordLookup:
    """Return the entry for ``sealed`` in the report at ``path``. With ``named``, the operator named that report."""
    try:
        document = _document(path)
    except Problem as problem:
        if named:
            raise
        why = (
            "there is no report.json in its directory"
            if not path.exists()
            else f"the report.json in its directory cannot be used: {problem.why}"
        )
        return RecordLookup(None, why)
    entries = document["envelopes"]
    # An entry with this name comes first. A file that has the hash of another entry was put in its place.
    same_name = [entry for entry in entries if Path(str(entry.get("path", ""))).name == sealed.path.name]
    found = same_name or [entry for entry in entries if entry.get("sha256") == sealed.sha256]
    if not found:
        return RecordLookup(None, f"{show(str(path))} does not list this file")
    return RecordLookup(_recorded(path, found[0], document))


def _document(path: Path) -> dict[str, Any]:
    """Return the report at ``path``. Its ``envelopes`` are a list of objects. Raises ``Problem``."""
    content, _ = read_small(path, "report", limit=LIMIT_BYTES)
    try:
        document = json.loads(content)
        entries = document["envelopes"]
        if document["schema_version"] not in READABLE_VERSIONS or not all(isinstance(entry, dict) for entry in entries):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Problem(
            f"{show(str(path), 200)} is not a report.",
            why="It is not the JSON document that apply writes as report.json.",
            next="Name the report.json of the run with --report.",
            kind=Kind.USAGE,
        ) from None
    return dict(document)


def _recorded(path: Path, entry: Mapping[str, Any], document: Mapping[str, Any]) -> RecordedEnvelope:
    needs = entry.get("needs")
    return RecordedEnvelope(
        path,
        str(entry.get("sha256", "")),
        _texts(entry.get("contents")),
        _texts(entry.get("custodians")),
        needs if isinstance(needs, int) else 1,
        {
            "account": _text(document.get("run"), "account_id"),
            "user": _text(document.get("user"), "name"),
            "run": _text(document.get("run"), "id") if document.get("steps") else "",
        },
    )


def _text(part: object, name: str) -> str:
    value = part.get(name) if isinstance(part, dict) else None
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
