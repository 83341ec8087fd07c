"""The permanent console password.

This program generates and seals it, and the operator sets it at the first sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.account_policies import read_password_policy
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.aws.steps.login_profile import PASSWORD
from breakglass_tui.domain.account import PasswordPolicy
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.secrets.password import generate_password
from breakglass_tui.secrets.secret import Secret

PERMANENT = "permanent-password"
"""The name of the permanent password in the vault."""
FILE = f"{PASSWORD}.lasting"
"""The start of the file names of the permanent password's envelopes.

It begins like that of the temporary password, so that an undo removes these envelopes too.
"""


@dataclass(frozen=True)
class SealedPermanentPassword(AwsStep):
    """The permanent password of the user.

    It is sealed before the operator sets it, so that it always has an envelope.
    """

    id = "login-profile"

    @property
    def temporary(self) -> Secret | None:
        """The temporary password of the login profile, or None if this process does not have it."""
        return self.setup.vault.get(PASSWORD)

    @property
    def permanent(self) -> Secret | None:
        """The permanent password, or None if this process did not generate it."""
        return self.setup.vault.get(PERMANENT)

    def create(self, context: StepContext) -> tuple[EnvelopeInfo, ...]:
        """Generate a password by the current password policy, seal it, and return its envelopes. Raises ``Problem``."""
        api = self.api(context)
        self.require_own_user(api)
        policy = read_password_policy(api)
        if isinstance(policy, Problem):
            assessed = self.setup.account.password_policy
            policy = assessed if isinstance(assessed, PasswordPolicy) else PasswordPolicy()
        password = generate_password(policy, self.user_name, self.setup.account.caller.account_id)
        self.setup.vault.put(PERMANENT, password)
        return self.seal(api, PASSWORD, {"password": password}, name=FILE)

    def change_pending(self, context: StepContext) -> bool:
        """Return whether AWS still requires a new password (PasswordResetRequired of GetLoginProfile).

        Raises ``Problem``. If AWS does not, this verifies that the run created this user.
        """
        api = self.api(context)
        found = api.find("iam:GetLoginProfile", UserName=self.user_name)
        if found is None:
            raise _no_profile(self.user_name)
        if found.get("LoginProfile", {}).get("PasswordResetRequired"):
            return True
        self.require_own_user(api)
        return False

    def remove_temporary_envelopes(self, context: StepContext) -> None:
        """Delete the envelopes of the temporary password, which is no longer valid. Raises ``Problem``."""
        permanent = context.run_log.record.permanent or ()
        self.remove_envelopes(context, PASSWORD, keep=[envelope.path for envelope in permanent])


def _no_profile(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has no console password.",
        why="Its login profile was deleted, so there is no console sign-in for this user.",
        next="Find out who deleted it (CloudTrail event DeleteLoginProfile). Then set up a new emergency user.",
        kind=Kind.MISSING,
        code="NoLoginProfile",
    )
