"""A step, or the end of the run, as one row of the list."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.record import StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.ui.flow import Session
from breakglass_tui.ui.run_story import elapsed
from breakglass_tui.ui.widgets.configuration.step_list import Line
from breakglass_tui.ui.widgets.configuration.step_words import clocked, lasted, state

LIVE = (StepStatus.RUNNING, StepStatus.WAITING)


def step_line(step: StepRecord, now: datetime, *, undoing: bool = False) -> Line:
    """A step as it stands at ``now``."""
    seconds: float | None = step.elapsed_ms / 1000 if step.elapsed_ms else None
    if step.status in LIVE and step.started_at is not None:
        seconds = max((now - step.started_at).total_seconds(), 0)
    elapsed_text = "" if seconds is None else lasted(seconds)
    # What is done keeps saying what came of it while AWS is asked whether it is still so.
    tail = step.detail or step.doing if step.made else step.doing or step.detail
    return Line(state(step, undoing=undoing), show(step.title), elapsed_text, show(tail))


def result_line(session: Session) -> Line:
    """How the run ended."""
    record = session.record
    if session.done or (session.taken_up == "undo" and record.status is RunStatus.UNDONE):
        state = Content.styled("✓ done", "$success")
    elif record.problem is not None or (record.left and not record.stopped):
        state = Content.styled("✗ failed", "$error")
    else:
        state = Content.styled("⊘ stopped", "$secondary")
    return Line(state, "Result", clocked(elapsed(session)))
