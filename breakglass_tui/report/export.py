"""Exports the evidence: the report in three formats, the runbook, the mutelist, and their hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.report.integrity import SUMS, digests, sums
from breakglass_tui.report.markdown import markdown
from breakglass_tui.report.mutelist import mutelist
from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.runbook import runbook, runbook_markdown, runbook_page
from breakglass_tui.secrets.envelope_files import make_private_directory, write_private


@dataclass(frozen=True, slots=True)
class Evidence:
    """The files of an export: content by name, in the order in which they are listed.

    ``document`` is that of report.json.
    """

    document: dict[str, Any]
    files: Mapping[str, bytes]


def evidence(
    record: RunRecord, directory: Path, journal_head: str = "", history: UserHistory | None = None
) -> Evidence:
    """Return the evidence of ``record`` as it would be exported to ``directory``. Nothing is written.

    ``journal_head`` is the hash of the last line of the run's journal, or empty. ``history`` is that of the user.
    """
    document = report_document(record, directory, journal_head, history)
    content = runbook(document, record.facts, signed_in=record.signed_in_at is not None)
    texts = {
        "report.md": markdown(document),
        "report.html": page(document),
        "runbook.md": runbook_markdown(content),
        "runbook.html": runbook_page(content),
        "mutelist.yaml": mutelist(document),
    }
    files = {name: text.encode("utf-8", "backslashreplace") for name, text in texts.items()}
    document["integrity"]["files"] = digests(files)
    files = {"report.json": (json_text(document) + "\n").encode(), **files}
    return Evidence(document, {**files, SUMS: sums(files, document).encode("utf-8", "backslashreplace")})


def write(found: Evidence, directory: Path) -> tuple[Path, ...]:
    """Write each file (mode 0600) into ``directory`` (mode 0700) and return the paths. Raises ``Problem``."""
    make_private_directory(directory)
    for name, content in found.files.items():
        write_private(directory / name, content)
    return tuple(directory / name for name in found.files)


def export(
    record: RunRecord, directory: Path, journal_head: str = "", history: UserHistory | None = None
) -> tuple[Path, ...]:
    """Write the evidence of ``record`` into ``directory`` and return the paths. Raises ``Problem``.

    ``journal_head`` is the hash of the last line of the run's journal, or empty. ``history`` is that of the user.
    """
    return write(evidence(record, directory, journal_head, history), directory)
