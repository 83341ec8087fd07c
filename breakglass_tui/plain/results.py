"""The result of a run as text: the verdict first, then the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from breakglass_tui.domain.checks import CheckResult, CheckStatus, in_order
from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.domain.verdict_lines import verdict_lines
from breakglass_tui.report.markdown import LONGEST


def result_lines(record: RunRecord, written: Sequence[Path]) -> list[str]:
    """Return the result: verdict, reasons, table of checks, what is left in AWS, envelopes, and paths of the report."""
    lines: list[str] = []
    if record.checks:
        lines += [*(show(line, LONGEST) for line in verdict_lines(record.readiness)), ""]
        lines += check_table(in_order(record.checks.values()))
    lines += left_lines(record)
    if record.envelopes:
        lines += ["", "Sealed:"]
        lines += [
            f"  {show(', '.join(one.contents))}  {show(one.ways_to_open)}  {show(one.path)}" for one in record.envelopes
        ]
    if written:
        lines += ["", "Report:", *(f"  {show(str(path), 4096)}" for path in written)]
    return lines


def left_lines(record: RunRecord) -> list[str]:
    """Return what the undo could not remove, each with its command, in the order in which the commands work."""
    return (
        ["", "Left in AWS:", *(f"  {show(str(problem), LONGEST)}" for problem in record.not_removed)]
        if record.not_removed
        else []
    )


def kept_lines(record: RunRecord) -> list[str]:
    """Return the resources of a run that was stopped and keeps them."""
    done = [step for step in record.steps.values() if step.status in (StepStatus.DONE, StepStatus.UNCHANGED)]
    if record.status is not RunStatus.INCOMPLETE or record.not_removed or not done:
        return []
    return ["", "Kept in AWS:", *(f"  {step.id}  {show(step.detail)}" for step in done)]


def check_table(results: Sequence[CheckResult]) -> list[str]:
    """Return one row for each check. A check that does not pass also has what was expected and the remedy."""
    width = max((len(result.id) for result in results), default=0)
    lines: list[str] = []
    for result in results:
        lines.append(f"{result.status.upper():<4}  {result.id:<{width}}  {show(result.found)}")
        if result.status is not CheckStatus.PASS:
            extra = [("expected", result.expected), ("why", result.why), ("remedy", result.remedy)]
            lines += [f"{'':<{width + 8}}{name}: {show(text, LONGEST)}" for name, text in extra if text]
    return lines
