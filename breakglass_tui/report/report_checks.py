"""The checks of ``verify`` for a report: its format, its files, its envelopes and its journal."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.shell_quoting import option
from breakglass_tui.domain.text import show
from breakglass_tui.report.integrity import SUMS, hash_in_list
from breakglass_tui.report.journal_comparison import NOT_COMPARED, JournalEvidence, comparison_checks
from breakglass_tui.report.later_exports import is_later_export
from breakglass_tui.report.place_note import place_note
from breakglass_tui.report.recorded_envelopes import LIMIT_BYTES, NAME
from breakglass_tui.report.report_file import ReportFile
from breakglass_tui.report.signature_check import SignatureTrust, signature_check
from breakglass_tui.secrets.sealed_file import read_small

ANOTHER_COPY = "Do not rely on this copy. Use another one."
NOT_MOVED = "Verify the report in its original directory, or copy that directory as a whole."

OF_THE_UNDO = "Verify the report of the undo. It is in a directory export-TIME in the directory of this report."
AFTER_SIGN_IN = "After a first sign-in, verify a later report: it lists the envelopes of the permanent password."


def report_checks(
    report: ReportFile, journal: JournalEvidence | Problem, trust: SignatureTrust | None = None
) -> tuple[CheckResult, ...]:
    """Return the results of all checks of ``report``.

    If its format is wrong, only the check of the format has a result.

    ``journal`` is what the journals on this machine record about the run, or why the run's journal cannot be used.
    ``trust`` is whose signature the operator trusts.
    """
    if report.flaws:
        return (_format_check(report),)
    evidence = journal if isinstance(journal, JournalEvidence) else JournalEvidence()
    return (
        _format_check(report),
        _report_check(report),
        signature_check(report, trust or SignatureTrust()),
        *_file_checks(report),
        *_envelope_checks(report, evidence),
        _journal_check(report, journal),
        *comparison_checks(report.document, evidence),
    )


def _format_check(report: ReportFile) -> CheckResult:
    id, title, expected = "well-formed", "File is a report", "a report that matches the published schema"
    if report.flaws:
        return CheckResult(id, title, CheckStatus.FAIL, expected, "; ".join(report.flaws), remedy=ANOTHER_COPY)
    run, user = report.document["run"], report.document["user"]
    note = place_note(run)
    account = f"{f'{note.mark} ' if note else ''}account {show(run['account_id'])}"
    found = f"run {show(run['id'])} for user {show(user['name'])} in {account}"
    return CheckResult(id, title, CheckStatus.PASS, expected, found)


def _report_check(report: ReportFile) -> CheckResult:
    """Compare report.json with its hash in SHA256SUMS, because a report cannot contain its own hash."""
    expected = hash_in_list(_list_of_hashes(report.path.parent / SUMS), NAME)
    if expected:
        return _digest_check(NAME, "file", expected, report.sha256)
    found = f"no {SUMS} in its directory lists {NAME}"
    return CheckResult(f"file:{NAME}", "File is unchanged", CheckStatus.SKIP, f"its SHA-256 in {SUMS}", found)


def _list_of_hashes(path: Path) -> bytes:
    """Return the content of the file of hashes at ``path``, or nothing if it cannot be read."""
    try:
        return read_small(path, "list", limit=LIMIT_BYTES)[0]
    except Problem:
        return b""


def _file_checks(report: ReportFile) -> Iterator[CheckResult]:
    for name, digest in report.document["integrity"]["files"].items():
        yield _file_check(name, "file", digest, report.path.parent / name)


def _envelope_path(report: ReportFile, name: str) -> Path:
    """Return the path of an envelope. A relative one starts at the directory of the report.

    If a later export moved the report to a directory of its own, the envelopes are one level above.
    """
    path, above = report.path.parent / name, report.path.parent.parent / name
    return above if is_later_export(report.path.absolute().parent) and not os.path.lexists(path) else path


def _envelope_checks(report: ReportFile, journal: JournalEvidence) -> Iterator[CheckResult]:
    for envelope in report.document["envelopes"]:
        path = _envelope_path(report, envelope["path"])
        if path.name in journal.removed and not os.path.lexists(path):
            yield _removed_check(report, envelope["path"], envelope["sha256"], journal)
        else:
            yield _file_check(envelope["path"], "envelope", envelope["sha256"], path)


def _removed_check(report: ReportFile, name: str, expected: str, journal: JournalEvidence) -> CheckResult:
    """Return the result for an envelope that an undo removed, or the first sign-in with the temporary password."""
    at, by = journal.removed[Path(name).name], "undo" if journal.undone else "first sign-in"
    found = f"{show(name)} was removed by the {by} at {at:%Y-%m-%d %H:%M} UTC, after this report"
    remedy = _later_report(report, journal)
    return CheckResult(f"envelope:{show(name)}", _title("envelope"), CheckStatus.WARN, expected, found, remedy=remedy)


def _file_check(name: str, kind: str, expected: str, path: Path) -> CheckResult:
    try:
        content, _ = read_small(path, kind, limit=LIMIT_BYTES)
    except Problem as problem:
        found = f"{show(name)} cannot be read: {problem.why}"
        remedy = f"{NOT_MOVED} {AFTER_SIGN_IN}" if kind == "envelope" else NOT_MOVED
        return CheckResult(f"{kind}:{show(name)}", _title(kind), CheckStatus.FAIL, expected, found, remedy=remedy)
    return _digest_check(name, kind, expected, hashlib.sha256(content).hexdigest())


def _digest_check(name: str, kind: str, expected: str, actual: str) -> CheckResult:
    id, title = f"{kind}:{show(name)}", _title(kind)
    if actual == expected:
        return CheckResult(id, title, CheckStatus.PASS, expected, f"{show(name)} is unchanged")
    found = f"{show(name)} was changed: its SHA-256 is {actual}"
    return CheckResult(id, title, CheckStatus.FAIL, show(expected), found, remedy=ANOTHER_COPY)


def _title(kind: str) -> str:
    return f"{kind.capitalize()} is unchanged"


def _later_report(report: ReportFile, journal: JournalEvidence) -> str:
    """Return where a report is that matches the journal as it is now."""
    if journal.undone:
        return OF_THE_UNDO
    user = option("user_name", show(report.document["user"]["name"]))
    command = f"breakglass-tui validate {user} --out DIR"
    return f"Validate the user again. Replace DIR with a new directory: {command}"


def _journal_check(report: ReportFile, evidence: JournalEvidence | Problem) -> CheckResult:
    head, run = report.document["integrity"]["journal_head"], show(report.document["run"]["id"])
    if isinstance(evidence, Problem):
        found = f"{evidence.what} {evidence.why}".strip()
        return _journal_result(CheckStatus.FAIL, head, found, evidence.next)
    journal = evidence.hashes
    if not journal:
        absent = f"the journal of run {run} is not on this machine. Not compared: {NOT_COMPARED}"
        found = absent if head else "the report has no journal, because nothing was written to AWS"
        return _journal_result(CheckStatus.SKIP, head, found)
    if journal[-1] == head:
        found = f"{len(journal)} lines. The last one is the one that the report recorded"
        return _journal_result(CheckStatus.PASS, head, found)
    if head in journal:
        later = len(journal) - 1 - journal.index(head)
        found = f"intact, but {later} lines longer than at the time of this report"
        return _journal_result(CheckStatus.WARN, head, found, _later_report(report, evidence))
    reason = "it was truncated or replaced" if head else "the report does not name that line"
    found = f"the journal of run {run} does not have the last line that the report recorded: {reason}"
    return _journal_result(CheckStatus.FAIL, head or journal[-1], found, ANOTHER_COPY)


def _journal_result(status: CheckStatus, head: str, found: str, remedy: str = "") -> CheckResult:
    return CheckResult("journal", "Journal is intact", status, head, found, remedy=remedy)
