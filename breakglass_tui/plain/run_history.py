"""Stored runs as text and as data: the state of each step in the journal and in AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.domain.record import StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.run_store import StoredRun
from breakglass_tui.plain.words import account_label
from breakglass_tui.report.report_document import report_document

INTERRUPTED = {
    StepStatus.NEXT: "not started",
    StepStatus.RUNNING: "interrupted",
    StepStatus.WAITING: "interrupted",
    StepStatus.UNDOING: "removal interrupted",
}
"""The words for the status of a step in a journal that ends before the run did."""


def run_document(stored: StoredRun, observed: Mapping[str, ObservedState]) -> dict[str, Any]:
    """Return one run as a JSON object. ``aws`` is None for a step that has no entry in ``observed``.

    ``observed`` maps step ids to states in AWS.
    """
    record, problem = stored.record, stored.problem
    report = report_document(record)
    steps = []
    for step in report["steps"]:
        state = observed.get(step["id"])
        aws, detail = (state.observation.value, state.text) if state else (None, "")
        steps.append({name: step[name] for name in ("id", "title", "status")} | {"aws": aws, "aws_detail": detail})
    return {
        **report["run"],
        "id": stored.id,
        "user_name": report["user"]["name"],
        "directory": record.header.directory if record.header else "",
        "finished": stored.finished and problem is None,
        "open": _open_steps(stored),
        "steps": steps,
        "problem": {"what": problem.what, "why": problem.why, "next": problem.next} if problem else None,
    }


def run_lines(stored: StoredRun, observed: Mapping[str, ObservedState]) -> list[str]:
    """Return one run as text: a line and, for an unfinished run, a line for each step.

    ``observed`` maps step ids to states in AWS.
    """
    record = stored.record
    header = record.header
    name = show(str(header.request.get("user_name", ""))) if header else "?"
    where = account_label(show(header.account_id), "", header.place) if header else "account ?"
    when = f"{record.started_at:%Y-%m-%d %H:%M} UTC" if record.started_at else "?"
    lines = [f"{show(stored.id)}  {name}  {where}  {when}  {_status(stored)}"]
    if stored.problem is not None:
        texts = (stored.problem.what, stored.problem.why, stored.problem.next)
        lines += [f"  {show(text, 4096)}" for text in texts if text]
    elif not stored.finished:
        lines += [f"  {line}" for line in step_lines(list(record.steps.values()), observed)]
    return lines


def step_lines(steps: list[StepRecord], observed: Mapping[str, ObservedState]) -> list[str]:
    """Return a line for each step with its state in the journal and, if it is in ``observed``, its state in AWS."""
    lines = []
    for step in steps:
        state = observed.get(step.id)
        detail = f": {show(state.text)}" if state and state.text else ""
        now = f"AWS now: {state.observation.value}{detail}" if state else ""
        lines.append(f"{step.id:<17} {INTERRUPTED.get(step.status, step.status.value):<22} {now}".rstrip())
    return lines


def _open_steps(stored: StoredRun) -> list[str]:
    return [] if stored.finished else [step.id for step in stored.record.may_exist]


def _status(stored: StoredRun) -> str:
    """Return a phrase that says how the run ended."""
    record = stored.record
    if stored.problem is not None:
        return "DAMAGED"
    if record.status is RunStatus.RUNNING:
        return "interrupted, or still running" if record.may_exist else "interrupted, nothing was created"
    if record.status is not RunStatus.INCOMPLETE:
        return "removed" if record.status is RunStatus.UNDONE else record.status.value
    if record.undoing:
        return "removal incomplete"
    return "stopped, resources kept" if record.stopped else "incomplete, resources kept"
