"""The rows of the step list on the screen of a run."""

from __future__ import annotations

import re
from datetime import datetime

from textual.content import Content

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.record import StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.ui.configuration.step_list import Line
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.run_summary import elapsed
from breakglass_tui.ui.widgets.step_words import clocked, lasted, state

ARN = re.compile(r"arn:[^\s,]*[/:]([^\s,]+)")
"""An ARN in the text of a step, with the name at its end."""
LIVE = (StepStatus.RUNNING, StepStatus.WAITING)


def step_line(step: StepRecord, now: datetime, *, undoing: bool = False) -> Line:
    """Return the row of ``step``, with its duration until ``now``.

    ``undoing`` says that the run removes its resources.
    """
    seconds: float | None = step.elapsed_ms / 1000 if step.elapsed_ms else None
    if step.status in LIVE and step.started_at is not None:
        seconds = max((now - step.started_at).total_seconds(), 0)
    elapsed_text = "" if seconds is None else lasted(seconds)
    # A step that is done keeps its detail while its state in AWS is read again.
    tail = step.detail or step.doing if step.is_done else step.doing or step.detail
    return Line(state(step, undoing=undoing), show(step.title), elapsed_text, ARN.sub(r"\1", show(tail)))


def result_line(session: Session) -> Line:
    """Return the row for the result of the run, with the duration of the run."""
    record = session.run.record
    if session.run.done or (session.run.taken_up == "undo" and record.status is RunStatus.UNDONE):
        state = Content.styled("✓ done", "$success")
    elif record.problem is not None or (record.not_removed and not record.stopped):
        state = Content.styled("✗ failed", "$error")
    else:
        state = Content.styled("⊘ stopped", "$secondary")
    return Line(state, "Result", clocked(elapsed(session)))
