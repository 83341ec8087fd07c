"""Writes the report beside the envelopes."""

from __future__ import annotations

from pathlib import Path

from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text
from breakglass_tui.report.document import report_document
from breakglass_tui.report.markdown import markdown
from breakglass_tui.report.page import page
from breakglass_tui.secrets.envelopes import make_private_directory, write_private


def export(record: RunRecord, directory: Path) -> tuple[Path, ...]:
    """Write report.json, report.md and report.html (0600) into ``directory`` (0700); raises ``Problem``."""
    document = report_document(record, directory)
    contents = {
        "report.json": json_text(document) + "\n",
        "report.md": markdown(document),
        "report.html": page(document),
    }
    make_private_directory(directory)
    paths = tuple(directory / name for name in contents)
    for path in paths:
        write_private(path, contents[path.name].encode("utf-8", "backslashreplace"))
    return paths
