"""ActionList: the list of actions on the start screen."""

from __future__ import annotations

from textual.content import Content

from breakglass_tui.ui.start.actions import ACTIONS, StartAction, action_row
from breakglass_tui.ui.start.start_list import StartList


class ActionList(StartList):
    """A list with a row for each action of the start screen."""

    @property
    def row_count(self) -> int:
        """The number of actions."""
        return len(ACTIONS)

    def row(self, index: int, width: int) -> Content:  # noqa: ARG002 - a row is cut by the list
        """Return the row of the action ``index``."""
        return action_row(ACTIONS[index])

    @property
    def chosen(self) -> StartAction:
        """The selected action, else the first one."""
        return ACTIONS[self.highlighted or 0]
