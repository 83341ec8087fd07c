"""The console's sign-in page, as far as a first sign-in goes: it checks, has the password changed, notes the day."""

from __future__ import annotations

from datetime import UTC, datetime

from moto.iam.models import User

from breakglass_tui.demo.overlay.evaluation import Decision, decide
from breakglass_tui.demo.overlay.iam_login_profiles import shortcoming
from breakglass_tui.demo.overlay.principals import sources_of
from breakglass_tui.demo.world import World
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show

CHANGE = "iam:ChangePassword"


def sign_in(world: World, user_name: str, password: str, new_password: str) -> None:
    """Sign in with a password that must be changed, and change it; raises ``Problem`` as the page would refuse.

    Whoever has an MFA device is taken to have given its code.
    """
    user = world.iam.users.get(user_name)
    if user is None or not user.password or user.password != password:
        raise _refused("Your authentication information is incorrect.")
    if not user.password_reset_required:
        raise _refused("No other password is asked for: it was changed before.")
    if not _may_change(world, user):
        raise _refused(f"The user {show(user_name)} is not allowed to change its own password.")
    problem = "It is the one from before" if new_password == password else ""
    problem = problem or shortcoming(new_password, world.iam.account_password_policy)
    if problem:
        raise _refused(f"The new password is not accepted: {problem}.")
    user.password, user.password_reset_required = new_password, False
    user.password_last_used = datetime.now(UTC)  # type: ignore[assignment]  # moto never sets it


def _may_change(world: World, user: User) -> bool:
    """By the account's password policy, or by one of the user's own."""
    policy = world.iam.account_password_policy
    if policy and policy.allow_users_to_change_password:
        return True
    context = {
        "aws:PrincipalArn": user.arn,
        "aws:username": user.name,
        "aws:MultiFactorAuthPresent": str(bool(user.mfa_devices)).lower(),
    }
    return decide(sources_of(world.iam, user), CHANGE, user.arn, context).decision is Decision.ALLOWED


def _refused(why: str) -> Problem:
    return Problem("The simulated sign-in page refuses.", why=why, next="Leave it and begin again.", kind=Kind.REFUSED)
