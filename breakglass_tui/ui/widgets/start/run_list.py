"""RunList: the list of unfinished runs on the start screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from breakglass_tui.ui.ages import ago
from breakglass_tui.ui.widgets.start.start_list import StartList

if TYPE_CHECKING:
    from breakglass_tui.ui.past import OpenRun

NAME_CELLS = 30
SIGN_CELLS = 14
AGO_CELLS = 15


class RunList(StartList):
    """A list with the user, the progress and the age of each unfinished run of this account."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._runs: tuple[OpenRun, ...] = ()
        self._now: datetime | None = None

    def tell(self, runs: Sequence[OpenRun], now: datetime) -> None:
        """Show ``runs``. Their ages are computed for the time ``now``."""
        self._runs, self._now = tuple(runs), now
        self.redraw()

    @property
    def row_count(self) -> int:
        """The number of runs."""
        return len(self._runs)

    def row(self, index: int, width: int) -> Content:
        """Return the row of the run ``index``: state, user, progress, and the age at the right edge."""
        from breakglass_tui.ui.widgets.past_run import user_of
        from breakglass_tui.ui.widgets.start.run_words import sign_of, stand

        run = self._runs[index]
        began = run.past.record.started_at
        age = ago(began, self._now) if began is not None and self._now is not None else ""
        widest = max(Content(user_of(each.past)).cell_length for each in self._runs)
        name = Content(user_of(run.past)).truncate(min(widest, NAME_CELLS, width * 2 // 5), ellipsis=True, pad=True)
        head = Content.assemble(sign_of(run).content(SIGN_CELLS), name, "  ")
        room = max(1, width - AGO_CELLS)
        line = (head + stand(run, room - head.cell_length)).truncate(room, ellipsis=True, pad=True)
        return Content.assemble(line, (f"{age:>{AGO_CELLS}}", "$secondary"))

    @property
    def chosen(self) -> str:
        """The id of the selected run, or an empty string if there are no runs."""
        return self._runs[self.highlighted or 0].past.id if self._runs else ""
