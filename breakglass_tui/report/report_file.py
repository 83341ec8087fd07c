"""Reads report.json and validates it against the published schema."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.recorded_envelopes import LIMIT_BYTES, NAME
from breakglass_tui.report.schema import flaws
from breakglass_tui.secrets.sealed_file import read_small


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report.json. ``flaws`` are its violations of the schema. If there are any, ``document`` is empty.

    ``sha256`` is the hash of the file in hexadecimal.
    """

    path: Path
    sha256: str
    document: dict[str, Any] = field(repr=False)
    flaws: tuple[str, ...] = ()


def is_report(path: Path) -> bool:
    """Return whether the file is meant to be a report, by its name or by its content. It can be damaged."""
    if path.name == NAME:
        return True
    try:
        content, _ = read_small(path, "report", limit=LIMIT_BYTES)
        document = json.loads(content)
    except (Problem, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and {"schema_version", "run", "checks"} <= set(document)


def read_report(path: Path) -> ReportFile:
    """Return the report at ``path``, also if it violates the schema. Raises ``Problem`` if the file cannot be read."""
    content, _ = read_small(path, "report", limit=LIMIT_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return ReportFile(path, digest, {}, ("it is not JSON: the file is truncated or changed",))
    found = flaws(document)
    return ReportFile(path, digest, document if not found else {}, found)
