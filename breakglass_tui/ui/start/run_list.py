"""RunList: the list of unfinished runs on the start screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from breakglass_tui.ui.start.start_list import StartList
from breakglass_tui.ui.widgets.durations import ago

if TYPE_CHECKING:
    from breakglass_tui.ui.state.run_history import UnfinishedRun

NAME_CELLS = 30
SIGN_CELLS = 14
AGO_CELLS = 15


class RunList(StartList):
    """A list with the user, the progress and the age of each unfinished run of this account."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._runs: tuple[UnfinishedRun, ...] = ()
        self._now: datetime | None = None
        self._name_cells = 0

    def show(self, runs: Sequence[UnfinishedRun], now: datetime) -> None:
        """Show ``runs``. Their ages are computed for the time ``now``."""
        from breakglass_tui.ui.start.stored_run import user_of

        self._runs, self._now = tuple(runs), now
        # Once for all rows: the time for a list must grow with its length, not with the square of it.
        self._name_cells = max((Content(user_of(run.stored)).cell_length for run in runs), default=0)
        self.redraw()

    @property
    def row_count(self) -> int:
        """The number of runs."""
        return len(self._runs)

    def row(self, index: int, width: int) -> Content:
        """Return the row of the run ``index``: state, user, progress, and the age at the right edge."""
        from breakglass_tui.ui.start.run_words import progress_text, sign_of
        from breakglass_tui.ui.start.stored_run import user_of

        run = self._runs[index]
        began = run.stored.record.started_at
        age = ago(began, self._now) if began is not None and self._now is not None else ""
        name = Content(user_of(run.stored)).truncate(
            min(self._name_cells, NAME_CELLS, width * 2 // 5), ellipsis=True, pad=True
        )
        head = Content.assemble(sign_of(run).content(SIGN_CELLS), name, "  ")
        room = max(1, width - AGO_CELLS)
        line = (head + progress_text(run, room - head.cell_length)).truncate(room, ellipsis=True, pad=True)
        return Content.assemble(line, (f"{age:>{AGO_CELLS}}", "$secondary"))

    @property
    def chosen(self) -> str:
        """The id of the selected run, or an empty string if there are no runs."""
        return self._runs[self.highlighted or 0].stored.id if self._runs else ""
