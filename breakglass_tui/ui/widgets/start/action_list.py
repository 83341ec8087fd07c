"""ActionList: the ways on from the start."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.ui.widgets.start.actions import ACTIONS, StartAction, action_row
from breakglass_tui.ui.widgets.start.start_list import StartList


class ActionList(StartList):
    """Three rows, always."""

    @property
    def row_count(self) -> int:
        """How many ways there are."""
        return len(ACTIONS)

    def row(self, index: int, width: int) -> Content:  # noqa: ARG002 - a row is cut by the list
        """The way of that number."""
        return action_row(ACTIONS[index])

    @property
    def chosen(self) -> StartAction:
        """The way the cursor is on."""
        return ACTIONS[self.highlighted or 0]
