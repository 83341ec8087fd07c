"""What a run is doing, in the sentences that the screen and the stop dialog share; no widgets."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.problems import Kind
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.seals import is_sealed
from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.widgets.configuration.step_words import clocked

GRANTS = frozenset({"inline-policy", "group-membership", "role-trust"})
"""The steps that give the user power; they come last."""
MADE = (StepStatus.DONE, StepStatus.UNCHANGED)
AT_WORK = (StepStatus.RUNNING, StepStatus.WAITING)


def made(record: RunRecord) -> list[StepRecord]:
    """The steps that are done."""
    return [step for step in record.steps.values() if step.status in MADE]


def has_started(record: RunRecord) -> list[StepRecord]:
    """The steps that are done or have at least begun."""
    return [step for step in record.steps.values() if step.started_at is not None]


def at_work(record: RunRecord) -> list[StepRecord]:
    """The steps that are under way."""
    return [step for step in record.steps.values() if step.status in AT_WORK]


def holds_power(record: RunRecord) -> bool:
    """Whether a step that grants power has begun."""
    return any(step.id in GRANTS and step.may_exist for step in record.steps.values())


def titles(steps: list[StepRecord]) -> str:
    """Steps by name, in a sentence."""
    return ", ".join(show(step.title) for step in steps)


def headline(session: Session) -> str:
    """The run on one line."""
    record = session.record
    if record.finished_at is not None:
        return ending(session)
    if session.removing:
        undone = [step for step in record.steps.values() if step.status is StepStatus.UNDONE]
        return f"Taking back what this run made, the last first: {len(undone)} of {len(has_started(record))} removed"
    if session.stopping is not None:
        return "Stopping: finishing the call in flight…"
    if session.ending:
        return "A step failed: finishing the calls in flight, then all that was made is removed again"
    if not any(step in GRANTS for step in record.steps):
        return progress(session)
    power = "the last steps grant power now" if holds_power(record) else "nothing holds power until the last steps"
    return f"{progress(session)} · {power}"


def progress(session: Session) -> str:
    """How much is done, and the time it has taken."""
    record = session.record
    return f"{len(made(record))} of {len(record.steps)} done · {clocked(elapsed(session))}"


def elapsed(session: Session) -> float:
    """How long this process has been at the run, in seconds."""
    record = session.record
    since = record.resumed_at or record.started_at
    return max(((record.finished_at or session.clock.now()) - since).total_seconds(), 0) if since else 0


def ending(session: Session) -> str:
    """How a finished run ended, in one sentence or two."""
    record = session.record
    if session.done:
        return f"{len(made(record))} of {len(record.steps)} done in {clocked(elapsed(session))}. Now it must be proven."
    if record.problem is not None and record.problem.kind is Kind.BUSY:
        return "Nothing was done here: another process is at work on this user."
    if not has_started(record):
        return f"{'The run did not begin.' if record.problem else 'Stopped.'} Nothing was written."
    return f"{_why(record)} {_outcome(session)}".strip()


def _why(record: RunRecord) -> str:
    if any(step.status is StepStatus.FAILED or step.problem for step in record.steps.values()):
        return "A step failed."
    if record.problem is not None:
        return "The run did not go on."
    return "Stopped." if record.stopped else ""


def _outcome(session: Session) -> str:
    record = session.record
    gone = sum(step.status is StepStatus.UNDONE for step in record.steps.values())
    if record.status is RunStatus.UNDONE:
        removed = session.taken_up == "undo"
        return "Nothing of this run is left." if removed else "Everything this run made was removed again."
    if record.undoing and record.stopped:
        return f"{gone} of {len(has_started(record))} were removed; the rest can be removed later."
    if record.left:
        return "Something is left in AWS; the result says how to remove it."
    return f"What this run made was kept: {len(made(record))} of {len(record.steps)} steps."


def left_behind(session: Session) -> str:
    """The id of the run that has ended with something left, which can be gone on with or removed; else nothing."""
    record = session.record
    open_ = record.finished_at is not None and record.status is RunStatus.INCOMPLETE
    return record.header.id if record.header is not None and open_ and not session.may_start_over else ""


def later(session: Session) -> list[str]:
    """The commands that finish a run that was left as it is, unless its undo had begun, and that remove it."""
    record, program = session.record, show(session.program, 4096)
    if record.header is None:
        return []
    header = record.header
    # Without a seal a secret needs a screen: then it is the app that goes on.
    finish = f"{program} resume {show(header.id)}" if is_sealed(header.request) else program
    return [*([] if record.undoing else [finish]), f"{program} undo {show(header.id)}"]


def looked(record: RunRecord) -> str:
    """The looks before the first write of this process, on one line."""
    when = "the first write" if record.resumed_at is None else "going on"
    results = list(record.preflight.values())
    counts = {status: sum(result.status is status for result in results) for status in CheckStatus}
    failed = [result for result in results if result.status is CheckStatus.FAIL]
    if failed:
        return f"✗ Before {when}: {show(failed[0].title)}: {show(failed[0].found)}"
    shown = [status for status in CheckStatus if counts[status] or status is CheckStatus.PASS]
    said = [f"{counts[status]} {status.value}" for status in shown]
    if _past_looking(record):
        return f"✓ Before {when}: {', '.join(said)}" if results else ""
    return f"◌ Looking once more before {when}: {', '.join(said)}"


def _past_looking(record: RunRecord) -> bool:
    """Whether a step has begun in this process, or none will."""
    if record.resumed_at is None:
        return bool(has_started(record)) or record.finished_at is not None
    steps = record.steps.values()
    anew = any(step.started_at is not None and step.started_at > record.resumed_at for step in steps)
    return anew or bool(at_work(record)) or record.undoing or record.finished_at is not None
