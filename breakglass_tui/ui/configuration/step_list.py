"""StepList: the steps of a run and its result, as a list with a cursor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from breakglass_tui.domain.events import RunStatus, StepStatus
from breakglass_tui.domain.record import StepRecord
from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.run_state import RunState
from breakglass_tui.ui.widgets.durations import clocked, lasted
from breakglass_tui.ui.widgets.row_list import RowList
from breakglass_tui.ui.widgets.run_summary import elapsed
from breakglass_tui.ui.widgets.signs import STEP_SIGNS, Sign, step_sign

STATE_CELLS = 12
TITLE_CELLS = 18
ELAPSED_CELLS = 7
ARN = re.compile(r"arn:[^\s,]*[/:]([^\s,]+)")
"""An ARN in the text of a step, with the name at its end."""
STOPPED = Sign("⊘", "stopped", "$secondary")
LIVE = (StepStatus.RUNNING, StepStatus.WAITING)


@dataclass(frozen=True)
class StepLine:
    """The contents of a row: the sign of the state, the title, the duration, and what the step does or has done."""

    sign: Sign
    title: str
    elapsed: str = ""
    tail: str = ""


def step_line(step: StepRecord, now: datetime, *, undoing: bool = False) -> StepLine:
    """Return the row of ``step``, with its duration until ``now``.

    ``undoing`` says that the run removes its resources.
    """
    seconds: float | None = step.elapsed_ms / 1000 if step.elapsed_ms else None
    if step.status in LIVE and step.started_at is not None:
        seconds = max((now - step.started_at).total_seconds(), 0)
    elapsed_text = "" if seconds is None else lasted(seconds)
    # A step that is done keeps its detail while its state in AWS is read again.
    tail = step.detail or step.doing if step.is_done else step.doing or step.detail
    return StepLine(step_sign(step, undoing=undoing), show(step.title), elapsed_text, ARN.sub(r"\1", show(tail)))


def result_line(run: RunState, now: datetime) -> StepLine:
    """Return the row for the result of the run, with its duration until ``now`` if it has not ended."""
    record = run.record
    if run.done or (run.taken_up == "undo" and record.status is RunStatus.UNDONE):
        sign = STEP_SIGNS[StepStatus.DONE]
    elif record.problem is not None or (record.not_removed and not record.stopped):
        sign = STEP_SIGNS[StepStatus.FAILED]
    else:
        sign = STOPPED
    return StepLine(sign, "Result", clocked(elapsed(record, now)))


class StepList(RowList, inherit_bindings=False):
    """A list of the steps of a run. It posts ``Walked`` when the operator moves the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "walk(-1)", "Previous step", show=False, id="step-before"),
        Binding("down,j", "walk(1)", "Next step", show=False, id="step-after"),
        Binding("home,g", "walk(-99)", "First step", show=False, id="step-first"),
        Binding("end,G", "walk(99)", "Last step", show=False, id="step-last"),
        Binding("pageup", "screen.scroll_detail(-1)", "Detail up", show=False, id="detail-up"),
        Binding("pagedown", "screen.scroll_detail(1)", "Detail down", show=False, id="detail-down"),
    ]

    @dataclass
    class Walked(Message):
        """The operator has moved the cursor to the row ``index``."""

        index: int

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._steps: Sequence[StepLine] = ()

    @property
    def cursor(self) -> int:
        """The index of the row with the cursor."""
        return self.highlighted or 0

    @property
    def row_count(self) -> int:
        """The number of steps, and one for the result."""
        return len(self._steps)

    def row(self, index: int, width: int) -> Content:
        """Return the row ``index``. The text after the duration is cut if it does not fit."""
        line = self._steps[index]
        title = Content.styled(line.title, "bold" if index == self.highlighted else "")
        row = Content.assemble(
            line.sign.content(STATE_CELLS),
            title.truncate(TITLE_CELLS, ellipsis=True, pad=True),
            (f"{line.elapsed:>{ELAPSED_CELLS}}  ", "$secondary"),
        )
        return row + _cut(line.tail, max(width - row.cell_length, 0))

    def draw(self, lines: Sequence[StepLine]) -> None:
        """Draw ``lines``, one in each row."""
        self._steps = lines
        self.redraw()

    def put(self, index: int) -> None:
        """Move the cursor to the row ``index``, or to the nearest row that exists. No message is posted."""
        self.highlighted = index

    def action_walk(self, by: int) -> None:
        """Move the cursor by ``by`` rows."""
        self.put(self.cursor + by)
        self.post_message(self.Walked(self.cursor))

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.post_message(self.Walked(message.option_index))


def _cut(tail: str, room: int) -> Content:
    """Return the parts of ``tail`` between commas that fit ``room`` cells. A first part that does not fit is cut."""
    while Content(tail).cell_length > room and ", " in tail:
        tail = tail.rpartition(", ")[0]
    return Content(tail).truncate(room, ellipsis=True)
