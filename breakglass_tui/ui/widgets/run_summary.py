"""Sentences that describe the state of a run. The screen of the run and the dialogs about runs use them."""

from __future__ import annotations

from datetime import datetime

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.problems import Kind
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.seals import is_sealed
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.connection import Connection
from breakglass_tui.ui.state.run_state import RunState
from breakglass_tui.ui.widgets.durations import clocked

GRANTS = frozenset({"inline-policy", "group-membership", "role-trust"})
"""The ids of the steps that give the user permissions. They run last."""
DONE = (StepStatus.DONE, StepStatus.UNCHANGED)
AT_WORK = (StepStatus.RUNNING, StepStatus.WAITING)


def done_steps(record: RunRecord) -> list[StepRecord]:
    """Return the steps of ``record`` that are done."""
    return [step for step in record.steps.values() if step.status in DONE]


def has_started(record: RunRecord) -> list[StepRecord]:
    """Return the steps of ``record`` that have started, whatever their status is now."""
    return [step for step in record.steps.values() if step.started_at is not None]


def at_work(record: RunRecord) -> list[StepRecord]:
    """Return the steps of ``record`` that are running or wait for the operator."""
    return [step for step in record.steps.values() if step.status in AT_WORK]


def holds_power(record: RunRecord) -> bool:
    """Return whether the user may have permissions: a step that grants some has started and is not undone."""
    return any(step.id in GRANTS and step.may_exist for step in record.steps.values())


def titles(steps: list[StepRecord]) -> str:
    """Return the titles of ``steps``, separated by commas."""
    return ", ".join(show(step.title) for step in steps)


def headline(run: RunState, now: datetime) -> str:
    """Return the state of the run in one line."""
    record = run.record
    if record.finished_at is not None:
        return ending(run, now)
    if run.removing:
        undone = [step for step in record.steps.values() if step.status is StepStatus.UNDONE]
        total = len(has_started(record))
        return f"Removing what this run created, in reverse order: {len(undone)} of {total} removed"
    if run.stopping is not None:
        return "Stopping: the current call finishes first…"
    if run.ending:
        return "A step failed: the current calls finish, then everything is rolled back"
    if not any(step in GRANTS for step in record.steps):
        return progress(run.record, now)
    granting = "the last steps grant permissions now"
    return f"{progress(run.record, now)} · {granting if holds_power(record) else 'no permissions until the last steps'}"


def progress(record: RunRecord, now: datetime) -> str:
    """Return the number of steps done and the duration of the run, in one line."""
    return f"{len(done_steps(record))} of {len(record.steps)} done · {clocked(elapsed(record, now))}"


def elapsed(record: RunRecord, now: datetime) -> float:
    """Return how long this process has worked on the run, in seconds."""
    since = record.resumed_at or record.started_at
    return max(((record.finished_at or now) - since).total_seconds(), 0) if since else 0


def ending(run: RunState, now: datetime) -> str:
    """Return how the run ended, in one or two sentences."""
    record = run.record
    if run.done:
        count = f"{len(done_steps(record))} of {len(record.steps)} done"
        return f"{count} in {clocked(elapsed(record, now))}. Next: run the validation."
    if record.problem is not None and record.problem.kind is Kind.BUSY:
        return "Nothing was done here: another process is working on this user."
    if not has_started(record):
        return f"{'The run did not start.' if record.problem else 'Stopped.'} Nothing was written."
    if record.stopped and not _is_over(record):
        return f"{how_it_ended(record).capitalize()}: {len(done_steps(record))} of {len(record.steps)} steps done."
    return f"{_why(record)} {_outcome(run)}".strip()


def _is_over(record: RunRecord) -> bool:
    """Return whether the run cannot be resumed: its undo has started, or a step or the removal of one failed."""
    return record.undoing or record.status is RunStatus.UNDONE or bool(record.not_removed) or _failed(record)


def _failed(record: RunRecord) -> bool:
    return any(step.status is StepStatus.FAILED or step.problem for step in record.steps.values())


def _why(record: RunRecord) -> str:
    if _failed(record):
        return "A step failed."
    if record.problem is not None:
        return "The run could not continue."
    return "Stopped." if record.stopped else ""


def _outcome(run: RunState) -> str:
    record = run.record
    gone = sum(step.status is StepStatus.UNDONE for step in record.steps.values())
    if record.status is RunStatus.UNDONE:
        chosen = record.stopped or run.taken_up == "undo"
        return f"Everything this run created was {'removed' if chosen else 'rolled back'}."
    if record.undoing and record.stopped:
        return f"{gone} of {len(has_started(record))} are removed. The rest can be removed later."
    if record.not_removed:
        return "Some resources remain in AWS. The result shows how to remove them."
    return f"Resources kept: {len(done_steps(record))} of {len(record.steps)} steps done."


def resumable_id(run: RunState) -> str:
    """Return the id of the run if it has ended and can be resumed or undone, else an empty string."""
    return "" if run.may_start_over else run.left_unfinished


def how_it_ended(record: RunRecord) -> str:
    """Return how an unfinished run ended: interrupted, stopped by the operator, or failed.

    "interrupted" means that the journal has no end, because the process ended during the run.
    """
    if record.finished_at is None:
        return "interrupted"
    return "stopped, resources kept" if record.stopped else "failed, resources kept"


def resume_commands(record: RunRecord, connection: Connection) -> list[str]:
    """Return the commands with which another process resumes or undoes the run. The last one undoes it.

    If its undo has started, there is no command to resume it. In the demo the list is empty, because the simulated
    account ends with this process.
    """
    program = show(connection.program, 4096)
    if record.header is None or connection.demo:
        return []
    header = record.header
    # Without a seal, secrets need a screen: then the app resumes the run.
    finish = f"{program} resume {show(header.id)}" if is_sealed(header.request) else program
    return [*([] if record.undoing else [finish]), f"{program} undo {show(header.id)}"]


def preflight_line(record: RunRecord) -> str:
    """Return the progress or the result of the preflight checks, in one line."""
    when = "the first write" if record.resumed_at is None else "the run resumes"
    results = list(record.preflight.values())
    counts = {status: sum(result.status is status for result in results) for status in CheckStatus}
    failed = [result for result in results if result.status is CheckStatus.FAIL]
    if failed:
        return f"✗ Preflight check failed: {show(failed[0].title)}: {show(failed[0].found)}"
    shown = [status for status in CheckStatus if counts[status] or status is CheckStatus.PASS]
    listed = ", ".join(f"{counts[status]} {status.value}" for status in shown)
    if _preflight_over(record):
        return f"✓ Preflight checks: {listed}" if results else ""
    return f"◌ Preflight checks before {when}: {listed}"


def _preflight_over(record: RunRecord) -> bool:
    """Return whether the preflight checks are over: a step has started in this process, or none will start."""
    if record.resumed_at is None:
        return bool(has_started(record)) or record.finished_at is not None
    steps = record.steps.values()
    started = any(step.started_at is not None and step.started_at > record.resumed_at for step in steps)
    return started or bool(at_work(record)) or record.undoing or record.finished_at is not None
