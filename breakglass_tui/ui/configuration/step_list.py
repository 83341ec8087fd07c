"""StepList: the steps of a run, as a list with a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from breakglass_tui.ui.widgets.row_list import MARK_STYLE

STATE_CELLS = 12
TITLE_CELLS = 18
ELAPSED_CELLS = 7
HERE, THERE = "▸", "▹"
"""The sign of the selected row, with and without the focus."""


@dataclass(frozen=True)
class Line:
    """The contents of a row: the state, the title, the duration, and what the step does or has done."""

    state: Content
    title: str
    elapsed: str = ""
    tail: str = ""


class StepRow(Widget):
    """A row of the step list. It is drawn again only when something in it changes."""

    @dataclass
    class Picked(Message):
        """The operator has clicked the row."""

        row: StepRow

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self._mark = " "

    def tell(self, line: Line) -> None:
        """Show ``line`` in this row."""
        if line != self._line:
            self._line = line
            self.refresh()

    def mark(self, mark: str) -> None:
        """Set the sign at the start of the row: that of the cursor, or a space."""
        if mark != self._mark:
            self._mark = mark
            self.set_class(mark == HERE, "-chosen")
            self.refresh()

    def on_click(self) -> None:
        """Post ``Picked``, so that the list moves its cursor here."""
        self.post_message(self.Picked(self))

    def render(self) -> Content:
        """Return the row. The text after the duration is cut if it does not fit."""
        line = self._line
        title = Content.styled(line.title, "bold" if self._mark.strip() else "")
        row = Content.assemble(
            (f"{self._mark} ", MARK_STYLE if self._mark == HERE else "bold"),
            line.state.truncate(STATE_CELLS, pad=True),
            title.truncate(TITLE_CELLS, ellipsis=True, pad=True),
            (f"{line.elapsed:>{ELAPSED_CELLS}}  ", "$secondary"),
        )
        room = max(self.size.width - row.cell_length, 0)
        return row + _cut(line.tail, room)


def _cut(tail: str, room: int) -> Content:
    """Return the parts of ``tail`` between commas that fit ``room`` cells. A first part that does not fit is cut."""
    while Content(tail).cell_length > room and ", " in tail:
        tail = tail.rpartition(", ")[0]
    return Content(tail).truncate(room, ellipsis=True)


class StepList(VerticalScroll, can_focus=True):
    """A list of the steps of a run, with a cursor. It posts ``Walked`` when the operator moves the cursor."""

    BINDINGS = [
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
        super().__init__(id=id)
        self._rows: list[StepRow] = []
        self._cursor = 0
        self._glyph = THERE

    @property
    def cursor(self) -> int:
        """The index of the row with the cursor."""
        return self._cursor

    def tell(self, lines: Sequence[Line]) -> None:
        """Show ``lines``, one in each row. Rows are added if there are too few."""
        for row, line in zip(self._rows, lines, strict=False):
            row.tell(line)
        fresh = [StepRow(line) for line in lines[len(self._rows) :]]
        if fresh:
            self._rows += fresh
            self.mount_all(fresh)
            self._mark()

    def put(self, index: int) -> None:
        """Move the cursor to the row ``index``, or to the nearest row that exists. No message is posted."""
        if not self._rows:
            return
        self._cursor = min(max(index, 0), len(self._rows) - 1)
        self._mark()
        self._rows[self._cursor].scroll_visible(animate=False)

    def action_walk(self, by: int) -> None:
        """Move the cursor by ``by`` rows."""
        self.put(self._cursor + by)
        self.post_message(self.Walked(self._cursor))

    @on(StepRow.Picked)
    def _picked(self, message: StepRow.Picked) -> None:
        message.stop()
        self.put(self._rows.index(message.row))
        self.post_message(self.Walked(self._cursor))

    def on_focus(self) -> None:
        """Draw the cursor as a filled sign."""
        self._glyph = HERE
        self._mark()

    def on_blur(self) -> None:
        """Draw the cursor as a hollow sign."""
        self._glyph = THERE
        self._mark()

    def _mark(self) -> None:
        for index, row in enumerate(self._rows):
            row.mark(self._glyph if index == self._cursor else " ")
