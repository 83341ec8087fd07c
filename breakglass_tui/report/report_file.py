"""A report file, checked against the published schema."""

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
    """A report.json. ``flaws`` lists violations of the schema. If there are any, ``document`` is empty."""

    path: Path
    sha256: str
    document: dict[str, Any] = field(repr=False)
    flaws: tuple[str, ...] = ()


def is_report(path: Path) -> bool:
    """Return whether the file is a report by its name or by its content, even if it is damaged."""
    if path.name == NAME:
        return True
    try:
        content, _ = read_small(path, "report", limit=LIMIT_BYTES)
        document = json.loads(content)
    except (Problem, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and {"schema_version", "run", "checks"} <= set(document)


def read_report(path: Path) -> ReportFile:
    """Return the report at ``path``, well-formed or not. Raise ``Problem`` if the file cannot be read."""
    content, _ = read_small(path, "report", limit=LIMIT_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return ReportFile(path, digest, {}, ("it is not JSON: the file is truncated or changed",))
    found = flaws(document)
    return ReportFile(path, digest, document if not found else {}, found)
