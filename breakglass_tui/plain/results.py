"""The end of a run as text: the verdict first, then the proof."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from breakglass_tui.domain.checks import CheckResult, CheckStatus, in_order
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.report.markdown import LONGEST, VERDICTS


def result_lines(record: RunRecord, written: Sequence[Path]) -> list[str]:
    """What came of it: verdict, reasons, a table of checks, what is left, and where the report is."""
    lines: list[str] = []
    if record.checks:
        lines += [VERDICTS[record.readiness.verdict], *(f"  {show(reason)}" for reason in record.readiness.reasons), ""]
        lines += check_table(in_order(record.checks.values()))
    if record.left:
        lines += ["", "Left in AWS:", *(f"  {problem}" for problem in record.left)]
    if record.envelopes:
        lines += ["", "Sealed:"]
        lines += [f"  {', '.join(one.contents)}  {', '.join(one.seals)}  {show(one.path)}" for one in record.envelopes]
    if written:
        lines += ["", "Report:", *(f"  {show(str(path), 4096)}" for path in written)]
    return lines


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
