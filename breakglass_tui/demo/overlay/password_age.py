"""The age of console passwords in the simulated account, and the date on which they expire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from moto.iam.models import User

from breakglass_tui.demo.credential_world import SimulatedPassword
from breakglass_tui.demo.world import World


def password_of(world: World, user: User) -> SimulatedPassword:
    """Return the dates of a user's password. The default is the creation date of the user."""
    created = utc(user.create_date)
    return world.passwords.setdefault(user, SimulatedPassword(created, created))


def set_password(world: World, user: User, password: str) -> None:
    """Set a user's password now. A change keeps the creation date of the login profile (IAM API, GetLoginProfile)."""
    now = datetime.now(UTC)
    created = password_of(world, user).created if user.password else now
    user.password = password
    world.passwords[user] = SimulatedPassword(created, now)


def age_password(world: World, user_name: str, days: int) -> None:
    """Move the dates of the user and its password ``days`` into the past, as if nothing had happened since."""
    user, then = world.iam.users[user_name], datetime.now(UTC) - timedelta(days=days)
    user.create_date = min(user.create_date, then.replace(tzinfo=None))
    world.passwords[user] = SimulatedPassword(then, then)


def password_expiry(world: World, user: User) -> datetime | None:
    """Return when the user's password expires, or None if there is no password or passwords do not expire.

    A new MaxPasswordAge applies at once to existing passwords (IAM User Guide, "Set an account password policy").
    """
    policy = world.iam.account_password_policy
    if not user.password or policy is None:
        return None
    return password_of(world, user).expires(int(policy.max_password_age or 0))


def password_expired(world: World, user: User) -> bool:
    """Return whether the user's password has expired."""
    expiry = password_expiry(world, user)
    return expiry is not None and expiry <= datetime.now(UTC)


def utc(moment: datetime) -> datetime:
    """Return a date of moto, which has no time zone, as a date in UTC."""
    return moment.replace(tzinfo=moment.tzinfo or UTC)
