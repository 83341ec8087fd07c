"""A report as it lies on the disk: read with care, and held against its schema."""

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
    """A report.json; ``flaws`` says where it is none, and then ``document`` is not to be relied on."""

    path: Path
    sha256: str
    document: dict[str, Any] = field(repr=False)
    flaws: tuple[str, ...] = ()


def is_report(path: Path) -> bool:
    """Whether the file is, or was to be, a report: by its name, or by what is in it."""
    if path.name == NAME:
        return True
    try:
        content, _ = read_small(path, "report", limit=LIMIT_BYTES)
        document = json.loads(content)
    except (Problem, ValueError, RecursionError):
        return False
    return isinstance(document, dict) and {"schema_version", "run", "checks"} <= set(document)


def read_report(path: Path) -> ReportFile:
    """The report at ``path``, well-formed or not; raises ``Problem`` if it cannot be read at all."""
    content, _ = read_small(path, "report", limit=LIMIT_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return ReportFile(path, digest, {}, ("it is not JSON: cut off, or changed",))
    found = flaws(document)
    return ReportFile(path, digest, document if not found else {}, found)
