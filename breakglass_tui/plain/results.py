"""The result of a command as text: first how it ended, then the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from breakglass_tui.domain.checks import CheckResult, CheckStatus, in_order
from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.domain.verdict_lines import verdict_lines
from breakglass_tui.report.markdown import LONGEST

ENDPOINT = " --endpoint-url "
ENDS_WITH_IT = "DEMO: the simulated account ends with this process. After that, the aws commands above do not work."


def result_lines(record: RunRecord, written: Sequence[Path], ended: str = "") -> list[str]:
    """Return the result: how the command ended, the checks, what is left in AWS, the envelopes, and the report files.

    The first line is ``ended``. If that is "", it is the verdict or else how the run ended.
    """
    if ended:
        lines = [ended]
    elif record.checks or record.status is RunStatus.DONE:
        lines = [show(line, LONGEST) for line in verdict_lines(record.readiness)]
        if record.checks:
            lines += ["", *check_table(in_order(record.checks.values()))]
    else:
        lines = [*_run_end(record), *_failure_lines(record), *kept_lines(record)]
    lines += left_lines(record)
    lines += _endpoint_lines(record, lines)
    if record.envelopes:
        lines += ["", "Sealed:"]
        lines += [
            f"  {show(', '.join(one.contents))}  {show(one.ways_to_open)}  {show(one.path)}" for one in record.envelopes
        ]
    if written:
        lines += ["", "Report:", *(f"  {show(str(path), 4096)}" for path in written)]
    return lines


def _endpoint_lines(record: RunRecord, lines: Sequence[str]) -> list[str]:
    """Return the line that names the endpoint of all calls. There is none for AWS itself.

    For the demo, the line says until when the aws commands in ``lines`` work. It is left out if there are none.
    """
    header = record.header
    if header is not None and header.demo:
        return ["", ENDS_WITH_IT] if any(ENDPOINT in line for line in lines) else []
    if header is None or not header.endpoint:
        return []
    return ["", f"{header.place}: all calls went to {show(header.endpoint, LONGEST)}."]


def _run_end(record: RunRecord) -> list[str]:
    """Return how an unfinished or removed run ended, in capitals, and whether anything is left in AWS."""
    if all(step.started_at is None for step in record.steps.values()):
        return ["NOT STARTED", "  Nothing was written to AWS."]
    if record.status is RunStatus.UNDONE:
        return ["ROLLED BACK" if record.problem else "REMOVED", "  Nothing of this run is left in AWS."]
    if record.undoing:
        return ["REMOVAL INCOMPLETE"]
    return ["STOPPED" if record.stopped else "INCOMPLETE"]


def _failure_lines(record: RunRecord) -> Iterable[str]:
    """Yield what failed and what to do next: each failed step, or else the preflight check, or else the run itself."""
    failed = [(step.id, step.problem) for step in record.steps.values() if step.problem is not None]
    for id, problem in failed:
        yield from _entry(f"{id}: {problem.what}", problem)
    if record.problem is not None and not failed:
        check = record.preflight.get(record.problem.code)
        yield from _entry(f"{check.id}: {check.found}" if check else record.problem.what, record.problem)


def _entry(text: str, problem: Problem) -> Iterable[str]:
    yield show(f"  Failed: {text}", LONGEST)
    if problem.next:
        yield show(f"    → {problem.next}", LONGEST)


def left_lines(record: RunRecord) -> list[str]:
    """Return the resources that the undo could not remove, each with its removal command, in a working order."""
    return (
        ["", "Left in AWS:", *(f"  {show(str(problem), LONGEST)}" for problem in record.not_removed)]
        if record.not_removed
        else []
    )


def kept_lines(record: RunRecord) -> list[str]:
    """Return the resources of a run that was stopped and keeps them. The result is empty for any other run."""
    done = [step for step in record.steps.values() if step.status in (StepStatus.DONE, StepStatus.UNCHANGED)]
    if record.status is not RunStatus.INCOMPLETE or record.not_removed or not done:
        return []
    return ["", "Kept in AWS:", *(f"  {step.id}  {show(step.detail)}" for step in done)]


def check_table(results: Sequence[CheckResult]) -> list[str]:
    """Return one row for each check. A check that did not pass also has lines with expectation, reason and remedy.

    Checks that were skipped for the same reason share the row of the first of them.
    """
    width = max((len(result.id) for result in results), default=0)
    lines: list[str] = []
    for ids, result in _rows(results):
        texts = [show(result.found, LONGEST)]
        if result.status is not CheckStatus.PASS:
            extra = [("expected", result.expected), ("why", result.why), ("remedy", result.remedy)]
            texts += [f"{name}: {show(text, LONGEST)}" for name, text in extra if text]
        head = f"{result.status.upper():<4}  {', '.join(ids):<{width}}"
        if len(ids) == 1:
            head = f"{head}  {texts.pop(0)}"
        lines += [head, *(f"{'':<{width + 8}}{text}" for text in texts)]
    return lines


def _rows(results: Sequence[CheckResult]) -> Iterable[tuple[list[str], CheckResult]]:
    """Return the ids of the checks in each row of the table, and the result of the first of them."""
    rows: dict[tuple[str, ...], tuple[list[str], CheckResult]] = {}
    for result in results:
        skipped = result.status is CheckStatus.SKIP
        reason = (result.found, result.expected, result.why, result.remedy) if skipped else (result.id,)
        rows.setdefault(reason, ([], result))[0].append(result.id)
    return rows.values()
