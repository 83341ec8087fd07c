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
from breakglass_tui.report.place_note import place_in
from breakglass_tui.report.report_checks import report_checks
from breakglass_tui.report.report_file import ReportFile, read_report
from breakglass_tui.report.signature_check import LONGEST, SignatureTrust, verification_commands


def verify_report(path: Path, trust: SignatureTrust, *, as_json: bool) -> Sequence[CheckResult]:
    """Check the report at ``path`` against its schema, its signature, its files and its journal.

    Print and return the results. ``trust`` is whose signature the operator trusts.
    """
    report = read_report(path)
    checks = report_checks(report, journal_evidence(report.document), trust)
    commands = verification_commands(report, trust)
    if as_json:
        to_stdout(json_text(_document(report, checks, commands)))
    else:
        to_stdout(f"Report {show(str(path), 200)}", *check_table(checks), *_command_lines(commands))
    return checks


def _command_lines(commands: Sequence[str]) -> list[str]:
    lines = [f"  {show(command, LONGEST)}" for command in commands]
    return ["", "To verify the signature without this program:", *lines] if commands else []


def _document(report: ReportFile, checks: Sequence[CheckResult], commands: Sequence[str]) -> dict[str, Any]:
    run = report.document.get("run", {})
    place = place_in(run).value if run else None
    names = ("id", "title", "status", "expected", "found", "remedy")
    return {
        "schema_version": 1,
        "report": {"path": str(report.path), "sha256": report.sha256, "run": run.get("id"), "place": place},
        "signature_commands": list(commands),
        "checks": [{name: getattr(check, name) for name in names} for check in checks],
    }
