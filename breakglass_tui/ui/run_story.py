"""What a run is doing, in the sentences that the screen and the stop dialog share; no widgets."""

from __future__ import annotations

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.widgets.configuration.step_words import clocked

GRANTS = frozenset({"inline-policy", "group-membership", "role-trust"})
"""The steps that give the user power; they come last."""
MADE = (StepStatus.DONE, StepStatus.UNCHANGED)
NOT_BEGUN = (StepStatus.NEXT, StepStatus.SKIPPED, StepStatus.CANCELLED)
AT_WORK = (StepStatus.RUNNING, StepStatus.WAITING)


def made(record: RunRecord) -> list[StepRecord]:
    """The steps that are done."""
    return [step for step in record.steps.values() if step.status in MADE]


def begun(record: RunRecord) -> list[StepRecord]:
    """The steps that are done or have at least begun."""
    return [step for step in record.steps.values() if step.started_at is not None]


def at_work(record: RunRecord) -> list[StepRecord]:
    """The steps that are under way."""
    return [step for step in record.steps.values() if step.status in AT_WORK]


def holds_power(record: RunRecord) -> bool:
    """Whether a step that grants power has begun."""
    return any(step.id in GRANTS and step.status not in NOT_BEGUN for step in record.steps.values())


def titles(steps: list[StepRecord]) -> str:
    """Steps by name, in a sentence."""
    return ", ".join(show(step.title) for step in steps)


def headline(session: Session) -> str:
    """The run on one line."""
    record = session.record
    if record.finished_at is not None:
        return ending(record, session.stopping == "keep")
    undone = [step for step in record.steps.values() if step.status is StepStatus.UNDONE or step.left]
    if undone or any(step.status is StepStatus.UNDOING for step in record.steps.values()):
        return f"Taking back what this run made, the last first: {len(undone)} of {len(begun(record))} removed"
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
    """How long the run has taken so far, in seconds."""
    record = session.record
    if record.started_at is None:
        return 0
    return max(((record.finished_at or session.clock.now()) - record.started_at).total_seconds(), 0)


def ending(record: RunRecord, kept: bool) -> str:
    """How a finished run ended, in one sentence or two."""
    if record.status is RunStatus.DONE:
        assert record.started_at is not None
        assert record.finished_at is not None
        took = clocked((record.finished_at - record.started_at).total_seconds())
        return f"{len(made(record))} of {len(record.steps)} done in {took}. Now it must be proven."
    why = "A step failed." if record.problem else "Stopped."
    if not begun(record):
        return f"{'The run did not begin.' if record.problem else why} Nothing was written."
    if record.left:
        return f"{why} Something is left in AWS; the result says how to remove it."
    if kept and record.status is RunStatus.INCOMPLETE:
        return f"{why} What this run made was kept: {len(made(record))} of {len(record.steps)} steps."
    return f"{why} Everything this run made was removed again."


def looked(record: RunRecord) -> str:
    """The looks before the first write, on one line."""
    results = list(record.preflight.values())
    counts = {status: sum(result.status is status for result in results) for status in CheckStatus}
    failed = [result for result in results if result.status is CheckStatus.FAIL]
    if failed:
        return f"✗ Before the first write: {show(failed[0].title)}: {show(failed[0].found)}"
    said = [f"{counts[CheckStatus.PASS]} ok"]
    words = ((CheckStatus.WARN, "with a warning"), (CheckStatus.SKIP, "could not be read"))
    said += [f"{counts[status]} {text}" for status, text in words if counts[status]]
    if begun(record) or record.finished_at is not None:
        return f"✓ Before the first write: {', '.join(said)}" if results else ""
    return f"◌ Looking once more before the first write: {', '.join(said)}"
