"""UserList: the emergency users of the account, each with the verdict of its last validation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.start.start_list import StartList

if TYPE_CHECKING:
    from breakglass_tui.ui.known_users import ListedUser

LONGEST = 64
"""Characters of a name: IAM allows no more."""
LEAST_NAME, MOST_NAME, GAP = 8, 32, 2
SPOKEN, ROOMY = 70, 100
"""Cells of a row in which an age is a phrase, and in which there is room for what AWS says of the user besides."""


class UserList(StartList):
    """State, name, when it was proven; on a wide screen also when it was made and used."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._users: tuple[ListedUser, ...] = ()
        self._now: datetime | None = None

    def tell(self, users: Sequence[ListedUser], now: datetime) -> None:
        """Show these."""
        self._users, self._now = tuple(users), now
        self.redraw()

    @property
    def row_count(self) -> int:
        """How many users there are."""
        return len(self._users)

    def row(self, index: int, width: int) -> Content:
        """The user of that number; where there is little room, the name is cut and not the age of a verdict."""
        assert self._now is not None
        now, user = self._now, self._users[index]
        ages = [each.proven(now) if width >= SPOKEN else each.age(now) for each in self._users]
        state = GAP + max(each.sign(now).cells for each in self._users)
        age = max(map(len, ages))
        widest = max(Content(show(each.name, LONGEST)).cell_length for each in self._users)
        name = max(LEAST_NAME, min(widest, MOST_NAME, width - state - GAP - age))
        line = Content.assemble(
            user.sign(now).content(state),
            Content(show(user.name, LONGEST)).truncate(name, ellipsis=True, pad=True),
            " " * GAP + f"{ages[index]:<{age}}",
        )
        return Content.assemble(line, " " * GAP, (user.facts(now), "$secondary")) if width >= ROOMY else line

    @property
    def chosen(self) -> str:
        """The name of the user the cursor is on, empty where there is none."""
        return self._users[self.highlighted or 0].name if self._users else ""
