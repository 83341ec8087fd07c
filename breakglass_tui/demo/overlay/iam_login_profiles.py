"""The login profiles of the simulated IAM, with the password policy, the reset flag and the age of passwords."""

from __future__ import annotations

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.models import AccountPasswordPolicy, User

from breakglass_tui.demo.overlay.api_errors import ApiRefusal, exists, invalid, missing, too_long
from breakglass_tui.demo.overlay.iam_base import IamBase
from breakglass_tui.demo.overlay.password_age import password_of, set_password

SYMBOLS = frozenset("!@#$%^&*()_+-=[]{}|'")
"""The characters that IAM counts as symbols (IAM User Guide, account password policy)."""


class IamLoginProfiles(IamBase):
    """The login profile operations of IAM, and ChangePassword, which moto does not have."""

    def authorize(self, action: str) -> None:
        """Raise ``ApiRefusal`` if the caller may not call ``action``.

        If the password policy has AllowUsersToChangePassword, ChangePassword needs no other policy.
        """
        policy = self.backend.account_password_policy
        if action != "iam:ChangePassword" or not (policy and policy.allow_users_to_change_password):
            super().authorize(action)

    def create_login_profile(self) -> ActionResult:
        """Create a login profile. Its password must comply with the password policy."""
        user, password = self.user(), self._get_param("Password", "")
        if user.password:
            raise exists(f"Login Profile for user {user.name}")
        self._set(user, password)
        user.password_reset_required = self._get_bool_param("PasswordResetRequired", if_none=False)
        return self._profile(user)

    def get_login_profile(self) -> ActionResult:
        """Return the login profile. A user without a password has none. An expired password still has one."""
        return self._profile(self._owner())

    def update_login_profile(self) -> ActionResult:
        """Set the password, the reset flag, or both."""
        user, password = self._owner(), self._get_param("Password")
        if password is not None:
            self._set(user, password)
        user.password_reset_required = self._get_bool_param("PasswordResetRequired", user.password_reset_required)
        return EmptyResult()

    def delete_login_profile(self) -> ActionResult:
        """Delete the password and the reset flag."""
        user = self._owner()
        user.password = None
        user.password_reset_required = False
        return EmptyResult()

    def change_password(self) -> ActionResult:
        """Replace the caller's password. The old password must be correct, but it may have expired.

        HardExpiry only concerns the console, so an access key can replace an expired password (IAM API,
        PasswordPolicy).
        """
        user = self.caller.identity
        if not isinstance(user, User):
            raise ApiRefusal("InvalidUserType", "Only IAM Users can change their own password.")
        if not user.password:
            raise missing(f"Login Profile for User {user.name}")
        if user.password != self._get_param("OldPassword"):
            raise ApiRefusal("AccessDenied", "The old password was incorrect.", 403)
        self._set(user, self._get_param("NewPassword"))
        user.password_reset_required = False
        return EmptyResult()

    def _owner(self) -> User:
        user = self.user()
        if not user.password:
            raise missing(f"Login Profile for User {user.name}")
        return user

    def _set(self, user: User, password: str) -> None:
        if len(password) > 128:
            raise too_long("password", 128)
        if not all(character in "\t\n\r" or " " <= character <= "\xff" for character in password):
            raise invalid("password", "It must contain only printable characters of Latin-1.")
        problem = policy_violation(password, self.backend.account_password_policy)
        if problem:
            raise ApiRefusal("PasswordPolicyViolation", problem)
        set_password(self.world, user, password)

    def _profile(self, user: User) -> ActionResult:
        profile = {
            "UserName": user.name,
            "CreateDate": password_of(self.world, user).created,
            "PasswordResetRequired": user.password_reset_required,
        }
        return ActionResult({"LoginProfile": profile})


def policy_violation(password: str, policy: AccountPasswordPolicy | None) -> str:
    """Return why ``password`` violates ``policy``, or "". None is the default policy of AWS.

    The default policy requires eight characters of three types.
    """
    present = {
        "uppercase letter": any("A" <= character <= "Z" for character in password),
        "lowercase letter": any("a" <= character <= "z" for character in password),
        "number": any("0" <= character <= "9" for character in password),
        "symbol": any(character in SYMBOLS for character in password),
    }
    minimum = policy.minimum_password_length if policy else 8
    if len(password) < minimum:
        return f"Password should have a minimum length of {minimum}"
    if policy is None:
        return "" if sum(present.values()) >= 3 else "Password should have at least three of four character types"
    required = {
        "uppercase letter": policy.require_uppercase_characters,
        "lowercase letter": policy.require_lowercase_characters,
        "number": policy.require_numbers,
        "symbol": policy.require_symbols,
    }
    missing_types = [kind for kind, needed in required.items() if needed and not present[kind]]
    return f"Password should have at least one {missing_types[0]}" if missing_types else ""
