"""Past runs as text and as data: what the journal tells, and what AWS says now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.domain.record import StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.run_store import StoredRun
from breakglass_tui.report.report_document import report_document

CUT_OFF = {
    StepStatus.NEXT: "not begun",
    StepStatus.RUNNING: "cut off",
    StepStatus.WAITING: "cut off",
    StepStatus.UNDOING: "cut off in its removal",
}
"""What a journal that ends without an end says of a step."""


def run_document(stored: StoredRun, seen: Mapping[str, ObservedState]) -> dict[str, Any]:
    """One run for programs; ``aws`` is null for a step that AWS was not asked about."""
    record, problem = stored.record, stored.problem
    told = report_document(record)
    steps = []
    for step in told["steps"]:
        observed = seen.get(step["id"])
        aws, detail = (observed.seen.value, observed.text) if observed else (None, "")
        steps.append({name: step[name] for name in ("id", "title", "status")} | {"aws": aws, "aws_detail": detail})
    return {
        **told["run"],
        "id": stored.id,
        "user_name": told["user"]["name"],
        "directory": record.header.directory if record.header else "",
        "finished": stored.finished and problem is None,
        "open": _open(stored),
        "steps": steps,
        "problem": {"what": problem.what, "why": problem.why, "next": problem.next} if problem else None,
    }


def run_lines(stored: StoredRun, seen: Mapping[str, ObservedState]) -> list[str]:
    """One run for people: a line, and below it what is open."""
    record = stored.record
    header = record.header
    name = show(str(header.request.get("user_name", ""))) if header else "?"
    where = f"{'DEMO ' if header.demo else ''}account {show(header.account_id)}" if header else "account ?"
    when = f"{record.started_at:%Y-%m-%d %H:%M} UTC" if record.started_at else "?"
    lines = [f"{show(stored.id)}  {name}  {where}  {when}  {_status(stored)}"]
    if stored.problem is not None:
        lines += [
            f"  {show(text, 4096)}" for text in (stored.problem.what, stored.problem.why, stored.problem.next) if text
        ]
    elif not stored.finished:
        lines += [f"  {line}" for line in step_lines(list(record.steps.values()), seen)]
    return lines


def step_lines(steps: list[StepRecord], seen: Mapping[str, ObservedState]) -> list[str]:
    """Each step as the journal left it and, where it was asked, as AWS has it."""
    lines = []
    for step in steps:
        observed = seen.get(step.id)
        now = f"AWS now: {observed.seen.value}{': ' if observed.text else ''}{show(observed.text)}" if observed else ""
        lines.append(f"{step.id:<17} {CUT_OFF.get(step.status, step.status.value):<22} {now}".rstrip())
    return lines


def _open(stored: StoredRun) -> list[str]:
    return [] if stored.finished else [step.id for step in stored.record.may_exist]


def _status(stored: StoredRun) -> str:
    if stored.problem is not None:
        return "DAMAGED"
    if stored.record.status is not RunStatus.RUNNING:
        return stored.record.status.value
    return "cut off or still under way" if stored.record.may_exist else "ended before anything was begun"
