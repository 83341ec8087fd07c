"""UserList: the list of emergency users on the start screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from breakglass_tui.domain.text import show
from breakglass_tui.ui.start.listed_users import ListedUser
from breakglass_tui.ui.start.start_list import StartList

LONGEST = 64
"""The largest number of characters of a name. IAM has the same limit."""
LEAST_NAME, MOST_NAME, GAP = 8, 32, 2
SPOKEN, ROOMY = 70, 100
"""The least widths of a row, in cells, that have room for "validated ..." and for the facts of IAM about the user."""


class UserList(StartList):
    """A list with the last verdict of each emergency user, the name, and the age of the verdict.

    In a wide terminal, it also has the creation date and the last sign-in.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._users: tuple[ListedUser, ...] = ()
        self._now: datetime | None = None
        self._state_cells = self._name_cells = 0
        self._age_cells: dict[bool, int] = {}

    def show(self, users: Sequence[ListedUser], now: datetime) -> None:
        """Show ``users``. The ages of their verdicts are computed for the time ``now``."""
        self._users, self._now = tuple(users), now
        # Once for all rows: the time for a list must grow with its length, not with the square of it.
        self._state_cells = max((user.sign(now).cells for user in users), default=0)
        self._name_cells = max((Content(show(user.name, LONGEST)).cell_length for user in users), default=0)
        self._age_cells = {
            True: max((len(user.proven(now)) for user in users), default=0),
            False: max((len(user.age(now)) for user in users), default=0),
        }
        self.redraw()

    @property
    def row_count(self) -> int:
        """The number of users."""
        return len(self._users)

    def row(self, index: int, width: int) -> Content:
        """Return the row of the user ``index``. If it is too narrow, the name is cut, not the age of the verdict."""
        assert self._now is not None
        now, user, spoken = self._now, self._users[index], width >= SPOKEN
        state, age = GAP + self._state_cells, self._age_cells[spoken]
        name = max(LEAST_NAME, min(self._name_cells, MOST_NAME, width - state - GAP - age))
        line = Content.assemble(
            user.sign(now).content(state),
            Content(show(user.name, LONGEST)).truncate(name, ellipsis=True, pad=True),
            " " * GAP + f"{user.proven(now) if spoken else user.age(now):<{age}}",
        )
        return Content.assemble(line, " " * GAP, (user.facts(now), "$secondary")) if width >= ROOMY else line

    @property
    def chosen(self) -> str:
        """The name of the selected user, or an empty string if there are no users."""
        return self._users[self.highlighted or 0].name if self._users else ""
