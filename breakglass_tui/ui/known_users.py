"""The emergency users that the start knows of: those below the path, and those that runs of this machine made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from breakglass_tui.domain.checks import Verdict
from breakglass_tui.engine.verdict_store import SavedVerdict, folded
from breakglass_tui.ui.ages import ago
from breakglass_tui.ui.signs import NEXT, VERDICT_SIGNS, Sign

if TYPE_CHECKING:
    from breakglass_tui.domain.account import User
    from breakglass_tui.ui.flow import Session

OLD = timedelta(days=90)
"""After a quarter of a year a proof is told with a warning: keys, policies and passwords change meanwhile."""
NOT_PROVEN = Sign(NEXT.glyph, "not proven yet", NEXT.style)


@dataclass(frozen=True)
class ListedUser:
    """``user`` is what the list of users has, None where there is no list; ``proof`` the last one of this very user."""

    name: str
    user: User | None = None
    proof: SavedVerdict | None = None

    def sign(self, now: datetime) -> Sign:
        """The verdict of the last proof; one that is old is none to rely on."""
        if self.proof is None:
            return NOT_PROVEN
        sign = VERDICT_SIGNS[self.proof.verdict]
        old = now - self.proof.at > OLD
        return Sign("⚠", f"was {sign.word}", "$warning") if old and self.proof.verdict is Verdict.READY else sign

    def proven(self, now: datetime) -> str:
        """When that was; a verdict is never told without."""
        if self.proof is None:
            return ""
        return f"{'proven' if self.proof.verdict is Verdict.READY else 'checked'} {self.age(now)}"

    def age(self, now: datetime) -> str:
        """The same in fewer words."""
        return ago(self.proof.at, now) if self.proof else ""

    def facts(self, now: datetime) -> str:
        """What the list of users has besides."""
        if self.user is None:
            return ""
        created = f"created {self.user.created:%Y-%m-%d}" if self.user.created else ""
        used = self.user.password_last_used
        return ", ".join(filter(None, (f"signed in {ago(used, now)}" if used else "", created)))


def listed_users(session: Session) -> tuple[ListedUser, ...]:
    """By name. Without a list of users it is those that this machine made, whether they are still there or not."""
    users, past = session.account.users if session.account else None, session.past
    if users is None:
        return ()
    made = {folded(name): name for name in past.made} if past else {}
    proofs = past.proofs if past else {}
    if not users.verified:
        found = [ListedUser(name, None, proofs.get(key)) for key, name in made.items()]
    else:
        found = [
            ListedUser(user.name, user, _of(user, proofs.get(folded(user.name))))
            for user in _wanted(users.items, session.draft.usual_path, made)
        ]
    return tuple(sorted(found, key=lambda known: folded(known.name)))


def _wanted(users: tuple[User, ...], path: str, made: dict[str, str]) -> Iterator[User]:
    return (user for user in users if user.path.startswith(path) or folded(user.name) in made)


def _of(user: User, proof: SavedVerdict | None) -> SavedVerdict | None:
    """A proof of an earlier user of that name says nothing of this one."""
    return proof if proof is not None and proof.user_id == user.id else None


def summary(users: tuple[ListedUser, ...], now: datetime) -> str:
    """How many there are, and how many of them are ready."""
    ready = sum(user.sign(now) == VERDICT_SIGNS[Verdict.READY] for user in users)
    return f"{len(users)} user{'s' if len(users) != 1 else ''}, {ready} ready"
