"""``verify`` for a report: check that the evidence is unchanged. Only reads files, without AWS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from breakglass_tui.cli.journal_evidence import journal_evidence
from breakglass_tui.cli.streams import to_stdout
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import json_text, show
from breakglass_tui.plain.results import check_table
from breakglass_tui.report.report_checks import report_checks
from breakglass_tui.report.report_file import ReportFile, read_report


def verify_report(path: Path, *, as_json: bool) -> Sequence[CheckResult]:
    """Check the report at ``path`` against its schema, its files and its journal. Print and return the results."""
    report = read_report(path)
    checks = report_checks(report, journal_evidence(report.document))
    if as_json:
        to_stdout(json_text(_document(report, checks)))
    else:
        to_stdout(f"Report {show(str(path), 200)}", *check_table(checks))
    return checks


def _document(report: ReportFile, checks: Sequence[CheckResult]) -> dict[str, Any]:
    run = report.document.get("run", {})
    names = ("id", "title", "status", "expected", "found", "remedy")
    return {
        "schema_version": 1,
        "report": {"path": str(report.path), "sha256": report.sha256, "run": run.get("id")},
        "checks": [{name: getattr(check, name) for name in names} for check in checks],
    }
