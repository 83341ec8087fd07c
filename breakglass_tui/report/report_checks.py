"""What ``verify`` finds of a report: its form, its files, its envelopes and its journal are as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.integrity import SUMS
from breakglass_tui.report.recorded_envelopes import LIMIT_BYTES, NAME
from breakglass_tui.report.report_file import ReportFile
from breakglass_tui.secrets.sealed_file import read_small

ANOTHER_COPY = "Take another copy of it; do not rely on this one."
NOT_MOVED = "Verify the report in the directory that it was written to, or copy that directory as a whole."
EXPORT_AGAIN = "The report does not tell how the run went on: validate the user again."


def report_checks(report: ReportFile, journal: Sequence[str] | Problem) -> tuple[CheckResult, ...]:
    """Every check of one report; ``journal`` has the hash of each line, none if it is not on this machine."""
    if report.flaws:
        return (_well_formed(report),)
    return (_well_formed(report), _itself(report), *_files(report), *_envelopes(report), _journal(report, journal))


def _well_formed(report: ReportFile) -> CheckResult:
    id, title, expected = "well-formed", "It is a report", "a report by its published schema"
    if report.flaws:
        return CheckResult(id, title, CheckStatus.FAIL, expected, "; ".join(report.flaws), remedy=ANOTHER_COPY)
    run, user = report.document["run"], report.document["user"]
    found = f"run {show(run['id'])} about {show(user['name'])} in account {show(run['account_id'])}"
    return CheckResult(id, title, CheckStatus.PASS, expected, found)


def _itself(report: ReportFile) -> CheckResult:
    """The report cannot hold its own hash; the list beside it does."""
    expected = _listed(report.path.parent / SUMS)
    if expected:
        return _compared(NAME, "file", expected, report.sha256)
    found = f"{NAME} is not in a {SUMS} beside it"
    return CheckResult(f"file:{NAME}", "File is unchanged", CheckStatus.SKIP, f"its SHA-256 in {SUMS}", found)


def _listed(path: Path) -> str:
    """The hash of the report in the list at ``path``; empty if there is none."""
    try:
        content, _ = read_small(path, "list", limit=LIMIT_BYTES)
    except Problem:
        return ""
    lines = (line.split("  ", 1) for line in content.decode("utf-8", "replace").splitlines())
    return next((line[0] for line in lines if line[1:] == [NAME]), "")


def _files(report: ReportFile) -> Iterator[CheckResult]:
    for name, digest in report.document["integrity"]["files"].items():
        yield _held(name, "file", digest, report.path.parent / name)


def _envelopes(report: ReportFile) -> Iterator[CheckResult]:
    for envelope in report.document["envelopes"]:
        # A whole path stays as it is; what lay beside the report is looked for beside it.
        yield _held(envelope["path"], "envelope", envelope["sha256"], report.path.parent / envelope["path"])


def _held(name: str, kind: str, expected: str, path: Path) -> CheckResult:
    try:
        content, _ = read_small(path, kind, limit=LIMIT_BYTES)
    except Problem as problem:
        found = f"{show(name)} cannot be read: {problem.why}"
        return CheckResult(f"{kind}:{show(name)}", _title(kind), CheckStatus.FAIL, expected, found, remedy=NOT_MOVED)
    return _compared(name, kind, expected, hashlib.sha256(content).hexdigest())


def _compared(name: str, kind: str, expected: str, actual: str) -> CheckResult:
    id, title = f"{kind}:{show(name)}", _title(kind)
    if actual == expected:
        return CheckResult(id, title, CheckStatus.PASS, expected, f"{show(name)} is unchanged")
    found = f"{show(name)} was changed: its SHA-256 is {actual}"
    return CheckResult(id, title, CheckStatus.FAIL, show(expected), found, remedy=ANOTHER_COPY)


def _title(kind: str) -> str:
    return f"{kind.capitalize()} is unchanged"


def _journal(report: ReportFile, journal: Sequence[str] | Problem) -> CheckResult:
    id, title, head = "journal", "Journal is intact", report.document["integrity"]["journal_head"]
    run = show(report.document["run"]["id"])
    if not head:
        return CheckResult(id, title, CheckStatus.SKIP, "", "the report names no journal: nothing was written to AWS")
    if isinstance(journal, Problem):
        found = f"{journal.what} {journal.why}".strip()
        return CheckResult(id, title, CheckStatus.FAIL, head, found, remedy=journal.next)
    if not journal:
        return CheckResult(id, title, CheckStatus.SKIP, head, f"the journal of run {run} is not on this machine")
    if journal[-1] == head:
        found = f"{len(journal)} lines, the last one is that of the report"
        return CheckResult(id, title, CheckStatus.PASS, head, found)
    if head in journal:
        later = len(journal) - 1 - journal.index(head)
        found = f"intact, and the run went on after this report, by {later} lines"
        return CheckResult(id, title, CheckStatus.WARN, head, found, remedy=EXPORT_AGAIN)
    found = f"the journal of run {run} lacks the line that the report ends with: it was cut off, or is another one"
    return CheckResult(id, title, CheckStatus.FAIL, head, found, remedy=ANOTHER_COPY)
