"""The end of a run as text: the verdict first, then the proof."""

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
    """What came of it: verdict, reasons, a table of checks, what is left, and where the report is."""
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
    """What the undo could not remove, each with its command, in the order in which they must be run."""
    return (
        ["", "Left in AWS:", *(f"  {show(str(problem), LONGEST)}" for problem in record.not_removed)]
        if record.not_removed
        else []
    )


def kept_lines(record: RunRecord) -> list[str]:
    """What a run that was stopped and kept has made so far."""
    made = [step for step in record.steps.values() if step.status in (StepStatus.DONE, StepStatus.UNCHANGED)]
    if record.status is not RunStatus.INCOMPLETE or record.not_removed or not made:
        return []
    return ["", "Kept in AWS:", *(f"  {step.id}  {show(step.detail)}" for step in made)]


def check_table(results: Sequence[CheckResult]) -> list[str]:
    """One row a check; what does not pass also says what was expected and how to mend it."""
    width = max((len(result.id) for result in results), default=0)
    lines: list[str] = []
    for result in results:
        lines.append(f"{result.status.upper():<4}  {result.id:<{width}}  {show(result.found)}")
        if result.status is not CheckStatus.PASS:
            extra = [("expected", result.expected), ("why", result.why), ("remedy", result.remedy)]
            lines += [f"{'':<{width + 8}}{name}: {show(text, LONGEST)}" for name, text in extra if text]
    return lines
