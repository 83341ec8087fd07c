"""Stored runs as text and as data: the state of each step in the journal and in AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.observation import ObservedState
from breakglass_tui.domain.record import StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.listed_run import ENDED, ListedRun, ListedStep
from breakglass_tui.plain.words import account_label
from breakglass_tui.report.report_document import escaped, reported_status, run_object

INTERRUPTED = {
    StepStatus.NEXT: "not started",
    StepStatus.RUNNING: "interrupted",
    StepStatus.WAITING: "interrupted",
    StepStatus.UNDOING: "removal interrupted",
}
"""The words for the status of a step in a journal that ends before the run did."""


def run_document(run: ListedRun, observed: Mapping[str, ObservedState]) -> dict[str, Any]:
    """Return one run as a JSON object. ``aws`` is None for a step that has no entry in ``observed``.

    ``observed`` maps step ids to states in AWS.
    """
    header, problem = run.header, run.problem
    steps = [_step_document(step, observed.get(step.id)) for step in run.steps]
    return {
        **escaped(run_object(header, run.status, run.started_at, run.finished_at)),
        "id": run.id,
        **escaped({"user_name": run.user_name}),
        "directory": header.directory if header else "",
        "finished": run.finished and problem is None,
        "open": _open_steps(run),
        **escaped({"steps": steps}),
        "problem": {"what": problem.what, "why": problem.why, "next": problem.next} if problem else None,
    }


def run_lines(run: ListedRun, observed: Mapping[str, ObservedState]) -> list[str]:
    """Return one run as text: a line and, for an unfinished run, a line for each step.

    ``observed`` maps step ids to states in AWS.
    """
    header = run.header
    name = show(run.user_name) if header else "?"
    where = account_label(show(header.account_id), "", header.place) if header else "account ?"
    when = f"{run.started_at:%Y-%m-%d %H:%M} UTC" if run.started_at else "?"
    lines = [f"{show(run.id)}  {name}  {where}  {when}  {_status(run)}"]
    if run.problem is not None:
        texts = (run.problem.what, run.problem.why, run.problem.next)
        lines += [f"  {show(text, 4096)}" for text in texts if text]
    elif run.stored is not None and not run.finished:
        lines += [f"  {line}" for line in step_lines(list(run.stored.record.steps.values()), observed)]
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


def _step_document(step: ListedStep, state: ObservedState | None) -> dict[str, Any]:
    aws, detail = (state.observation.value, state.text) if state else (None, "")
    status = reported_status(step.status).value
    return {"id": step.id, "title": step.title, "status": status, "aws": aws, "aws_detail": detail}


def _open_steps(run: ListedRun) -> list[str]:
    return [step.id for step in run.stored.record.may_exist] if run.stored is not None and not run.finished else []


def _status(run: ListedRun) -> str:
    """Return a phrase that says how the run ended."""
    if run.problem is not None:
        return "DAMAGED"
    if run.stored is None or run.status in ENDED:
        return "removed" if run.status is RunStatus.UNDONE else run.status.value
    record = run.stored.record
    if record.status is RunStatus.RUNNING:
        return "interrupted, or still running" if record.may_exist else "interrupted, nothing was created"
    if record.undoing:
        return "removal incomplete"
    return "stopped, resources kept" if record.stopped else "incomplete, resources kept"
