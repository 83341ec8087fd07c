"""UserList: the emergency users of the account, with the verdict of the last validation."""

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
"""Maximum characters of a name, which is the limit of IAM."""
LEAST_NAME, MOST_NAME, GAP = 8, 32, 2
SPOKEN, ROOMY = 70, 100
"""Cells of a row: the minimum for an age in words, and the minimum for the facts of AWS about the user."""


class UserList(StartList):
    """Verdict, name and age of the verdict. A wide screen also shows when the user was created and used."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._users: tuple[ListedUser, ...] = ()
        self._now: datetime | None = None

    def tell(self, users: Sequence[ListedUser], now: datetime) -> None:
        """Show ``users``, with their ages at ``now``."""
        self._users, self._now = tuple(users), now
        self.redraw()

    @property
    def row_count(self) -> int:
        """The number of users."""
        return len(self._users)

    def row(self, index: int, width: int) -> Content:
        """Return user ``index``. In a narrow row the name is cut, not the age of the verdict."""
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
        """The name of the user at the cursor, or an empty string."""
        return self._users[self.highlighted or 0].name if self._users else ""
