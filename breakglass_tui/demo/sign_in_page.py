"""The part of the console's sign-in page that a first sign-in uses, for the simulated account."""

from __future__ import annotations

from datetime import UTC, datetime

from moto.iam.models import User

from breakglass_tui.demo.overlay.evaluation import Decision, decide
from breakglass_tui.demo.overlay.iam_login_profiles import policy_violation
from breakglass_tui.demo.overlay.password_age import password_expired, set_password
from breakglass_tui.demo.overlay.principals import sources_of
from breakglass_tui.demo.world import World
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show

CHANGE = "iam:ChangePassword"


def sign_in(world: World, user_name: str, password: str, new_password: str) -> None:
    """Sign in with a temporary or expired password and replace it. Raises ``Problem`` if the page would refuse.

    If the user has an MFA device that is in sync, its code counts as given. With HardExpiry, an expired password cannot
    be replaced here (IAM API, UpdateAccountPasswordPolicy).
    """
    user = world.iam.users.get(user_name)
    if user is None or not user.password or user.password != password:
        raise _refused("Your authentication information is incorrect.")
    if user.mfa_devices and world.out_of_sync.issuperset(user.mfa_devices):
        raise _refused("The MFA device is out of sync, so its code is not valid.")
    expired, policy = password_expired(world, user), world.iam.account_password_policy
    if expired and policy and policy.hard_expiry:
        raise _refused("The password has expired, and only an administrator can set a new one.")
    if not user.password_reset_required and not expired:
        raise _refused("The temporary password was already replaced, so the page does not ask for a new one.")
    if not _may_change(world, user):
        raise _refused(f"The user {show(user_name)} is not allowed to change its own password.")
    problem = "It is the same as the old password" if new_password == password else ""
    problem = problem or policy_violation(new_password, policy)
    if problem:
        raise _refused(f"The new password was not accepted. {problem}.")
    set_password(world, user, new_password)
    user.password_reset_required = False
    user.password_last_used = datetime.now(UTC)  # type: ignore[assignment]  # moto does not set it


def _may_change(world: World, user: User) -> bool:
    """Return whether the account's password policy or a policy of the user allows the user to change its password."""
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
    return Problem(
        "The simulated sign-in page refused the sign-in.",
        why=why,
        next="Leave the first sign-in, then start it again.",
        kind=Kind.REFUSED,
    )
