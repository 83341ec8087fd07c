"""StartList: the base class of the lists on the start screen. The cursor moves from one list to the next."""

from __future__ import annotations

from breakglass_tui.ui.widgets.row_list import RowList


class StartList(RowList):
    """A list of the start screen.

    From its last row, the cursor moves to the first row of the next list that has rows.
    """

    def action_cursor_down(self) -> None:
        """Move to the next row. After the last row of this list comes the first row of the next list."""
        if self.highlighted in (None, self.row_count - 1):
            self._enter(self.screen.focus_next(StartList), first=True)
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Move to the previous row. Before the first row of this list comes the last row of the previous list."""
        if self.highlighted in (None, 0):
            self._enter(self.screen.focus_previous(StartList), first=False)
        else:
            super().action_cursor_up()

    def _enter(self, other: object, *, first: bool) -> None:
        if isinstance(other, StartList) and other.row_count:
            other.highlighted = 0 if first else other.row_count - 1
