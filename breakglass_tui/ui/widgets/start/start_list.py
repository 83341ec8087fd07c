"""StartList: one of the lists of the start; the cursor goes from one on to the next."""

from __future__ import annotations

from breakglass_tui.ui.widgets.row_list import RowList


class StartList(RowList):
    """Below the last row comes the next list, above the first the one before; an empty list is not there."""

    def action_cursor_down(self) -> None:
        """The row below, wherever it is."""
        if self.highlighted in (None, self.row_count - 1):
            self._enter(self.screen.focus_next(StartList), first=True)
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """The row above, wherever it is."""
        if self.highlighted in (None, 0):
            self._enter(self.screen.focus_previous(StartList), first=False)
        else:
            super().action_cursor_up()

    def _enter(self, other: object, *, first: bool) -> None:
        if isinstance(other, StartList) and other.row_count:
            other.highlighted = 0 if first else other.row_count - 1
