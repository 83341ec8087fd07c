"""Exports the evidence: the report in three formats, the runbook, the mutelist, their hashes and a signature."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from breakglass_tui.domain.evidence_signer import EvidenceSigner
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import json_text
from breakglass_tui.domain.user_history import UserHistory
from breakglass_tui.limited_files import read_limited
from breakglass_tui.report.integrity import SUMS, digests, sums
from breakglass_tui.report.later_exports import later_exports, new_export
from breakglass_tui.report.markdown import markdown
from breakglass_tui.report.mutelist import mutelist
from breakglass_tui.report.page import page
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.runbook import runbook, runbook_markdown, runbook_page
from breakglass_tui.report.signatures import KMS_SIGNATURE, SSH_SIGNATURE
from breakglass_tui.report.superseded import is_superseded, move_aside
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


@dataclass(frozen=True, slots=True)
class Export:
    """The result of an export: the paths of its files, and the document of report.json.

    ``earlier`` is the directory of earlier evidence, which was kept, or None. ``unsigned`` is why the evidence is not
    signed although a signer was given.
    """

    paths: tuple[Path, ...]
    document: dict[str, Any]
    earlier: Path | None = None
    unsigned: Problem | None = None


def export(
    record: RunRecord,
    directory: Path,
    journal_head: str = "",
    history: UserHistory | None = None,
    *,
    signer: EvidenceSigner | None = None,
    now: datetime | None = None,
) -> Export:
    """Write the evidence of ``record`` into ``directory`` and sign it. Raises ``Problem`` if it cannot be written.

    Evidence is append-only. If ``directory`` has other evidence, this evidence goes to a new directory inside it. If
    this evidence supersedes the other, the other moves there instead. The same evidence is not written again, but a
    missing signature is added.

    ``journal_head`` is the hash of the last line of the run's journal, or empty. ``history`` is that of the user. The
    name of a new directory has the time ``now``.
    """
    make_private_directory(directory)
    new, moved = new_export(directory, now or datetime.now(UTC)), False
    for target in (directory, *islice(later_exports(directory), 1), new):
        found = evidence(record, target, journal_head, history)
        if not _differs(found, target):
            break
        if target == directory and is_superseded(directory, record.header.id if record.header else ""):
            move_aside(directory, new, found.files)
            moved = True
            break
    paths = _write_missing(found, target)
    signatures, unsigned = tuple[Path, ...](), None
    if signer is not None:
        try:
            signatures = _sign(found.files[SUMS], target, signer)
        except Problem as problem:
            unsigned = problem
    kept = target != directory and any(os.path.lexists(directory / name) for name in found.files)
    earlier = new if moved else directory if kept else None
    return Export((*paths, *signatures), found.document, earlier, unsigned)


def _differs(found: Evidence, directory: Path) -> bool:
    """Return whether ``directory`` has other content in a file of the evidence, or the signature of other evidence."""
    signed = any(os.path.lexists(directory / name) for name in (SSH_SIGNATURE, KMS_SIGNATURE))
    if signed and not os.path.lexists(directory / SUMS):
        return True
    return any(not _is_free(directory / name, content) for name, content in found.files.items())


def _is_free(path: Path, content: bytes) -> bool:
    """Return whether there is nothing at ``path``, or a file with this ``content``."""
    if not os.path.lexists(path):
        return True
    try:
        return read_limited(path, len(content))[0] == content
    except OSError:
        return False


def _write_missing(found: Evidence, directory: Path) -> tuple[Path, ...]:
    """Write each file that is missing (mode 0600) into ``directory`` (mode 0700) and return all paths."""
    make_private_directory(directory)
    for name, content in found.files.items():
        if not os.path.lexists(directory / name):
            write_private(directory / name, content)
    return tuple(directory / name for name in found.files)


def _sign(content: bytes, directory: Path, signer: EvidenceSigner) -> tuple[Path, ...]:
    """Sign ``content``, unless there is a signature, and return the paths of the signature. Raises ``Problem``."""
    if os.path.lexists(directory / signer.signature_name):
        return (directory / signer.signature_name,)
    files = signer.sign(content)
    for name, signature in files.items():
        write_private(directory / name, signature)
    return tuple(directory / name for name in files)
