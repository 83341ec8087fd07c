"""The emergency users on the start screen.

These are the users below the default path, and the users that finished runs on this machine created.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from breakglass_tui.domain.checks import Verdict
from breakglass_tui.engine.verdict_store import SavedVerdict, folded
from breakglass_tui.ui.widgets.durations import ago
from breakglass_tui.ui.widgets.signs import NEXT, VERDICT_SIGNS, Sign, verdict_sign

if TYPE_CHECKING:
    from breakglass_tui.domain.account import User
    from breakglass_tui.ui.state.session import Session

OLD = timedelta(days=90)
"""After this time a READY is shown as a warning, because keys, policies and passwords change."""
NOT_VALIDATED = Sign(NEXT.glyph, "not validated yet", NEXT.style)


@dataclass(frozen=True)
class ListedUser:
    """An emergency user on the start screen.

    ``user`` is the user as IAM lists it, or None if users cannot be listed. ``saved`` is the last saved verdict, or
    None.
    """

    name: str
    user: User | None = None
    saved: SavedVerdict | None = None

    def sign(self, now: datetime) -> Sign:
        """Return the sign for the verdict of the last validation. A READY older than ``OLD`` becomes a warning."""
        if self.saved is None:
            return NOT_VALIDATED
        sign = verdict_sign(self.saved.verdict, self.saved.shown)
        old = now - self.saved.at > OLD
        return Sign("⚠", f"was {sign.word}", "$warning") if old and self.saved.verdict is Verdict.READY else sign

    def proven(self, now: datetime) -> str:
        """Return how long ago the user was validated, such as "validated 2 hours ago", or an empty string if never."""
        if self.saved is None:
            return ""
        return f"validated {self.age(now)}"

    def age(self, now: datetime) -> str:
        """Return how long ago the user was validated, such as "2 hours ago", or an empty string if never."""
        return ago(self.saved.at, now) if self.saved else ""

    def facts(self, now: datetime) -> str:
        """Return the last sign-in and the creation date, as far as IAM lists them, such as "created 2025-01-31"."""
        if self.user is None:
            return ""
        created = f"created {self.user.created:%Y-%m-%d}" if self.user.created else ""
        used = self.user.password_last_used
        return ", ".join(filter(None, (f"signed in {ago(used, now)}" if used else "", created)))


def listed_users(session: Session) -> tuple[ListedUser, ...]:
    """Return the emergency users, sorted by name. Empty until the users of the account are read.

    If the IAM users cannot be listed, return the users that finished runs on this machine created. Some of them may
    have been deleted since.
    """
    users, history = session.connection.account.users if session.connection.account else None, session.journals.history
    if users is None:
        return ()
    made = {folded(name): name for name in history.created} if history else {}
    verdicts = history.verdicts if history else {}
    if not users.verified:
        found = [ListedUser(name, None, verdicts.get(key)) for key, name in made.items()]
    else:
        found = [
            ListedUser(user.name, user, _of(user, verdicts.get(folded(user.name))))
            for user in _wanted(users.items, session.draft.usual_path, made)
        ]
    return tuple(sorted(found, key=lambda known: folded(known.name)))


def _wanted(users: tuple[User, ...], path: str, made: dict[str, str]) -> Iterator[User]:
    return (user for user in users if user.path.startswith(path) or folded(user.name) in made)


def _of(user: User, saved: SavedVerdict | None) -> SavedVerdict | None:
    """Return ``saved``, or None if it belongs to an earlier user of the same name."""
    return saved if saved is not None and saved.user_id == user.id else None


def summary(users: tuple[ListedUser, ...], now: datetime) -> str:
    """Return the number of users and how many of them are READY, such as "3 users, 2 ready"."""
    ready = sum(user.sign(now) == VERDICT_SIGNS[Verdict.READY] for user in users)
    return f"{len(users)} user{'s' if len(users) != 1 else ''}, {ready} ready"
