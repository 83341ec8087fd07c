"""The lasting console password: made and sealed here, given to AWS by the operator at the first sign-in."""

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

LASTING = "lasting-password"
"""Its name in the vault."""
FILE = f"{PASSWORD}.lasting"
"""Its files begin as those of the temporary one do, so that an undo takes them along."""


@dataclass(frozen=True)
class SealedPermanentPassword(AwsStep):
    """Sealed before anybody types it, so at no instant AWS holds a password that no envelope has."""

    id = "login-profile"

    @property
    def temporary(self) -> Secret | None:
        """The one of the login profile, if this process made it."""
        return self.setup.vault.get(PASSWORD)

    @property
    def permanent(self) -> Secret | None:
        """The one that was sealed, if this process did it."""
        return self.setup.vault.get(LASTING)

    def make(self, context: StepContext) -> tuple[EnvelopeInfo, ...]:
        """Make it by the policy as it is now, and seal it to the seals of the request."""
        api = self.api(context)
        self.require_mine(api)
        policy = read_password_policy(api)
        if isinstance(policy, Problem):
            known = self.setup.account.password_policy
            policy = known if isinstance(known, PasswordPolicy) else PasswordPolicy()
        password = generate_password(policy, self.user_name, self.setup.account.caller.account_id)
        self.setup.vault.put(LASTING, password)
        return self.seal(api, PASSWORD, {"password": password}, name=FILE)

    def pending(self, context: StepContext) -> bool:
        """The flag of GetLoginProfile. That it is gone counts on our own user only."""
        api = self.api(context)
        found = api.found("iam:GetLoginProfile", UserName=self.user_name)
        if found is None:
            raise _no_profile(self.user_name)
        if found.get("LoginProfile", {}).get("PasswordResetRequired"):
            return True
        self.require_mine(api)
        return False

    def retire(self, context: StepContext) -> None:
        """What the envelopes of the temporary password hold opens nothing any more."""
        permanent = context.run_log.record.permanent or ()
        self.discard(context, PASSWORD, keep=[envelope.path for envelope in permanent])


def _no_profile(user_name: str) -> Problem:
    return Problem(
        f"The user {show(user_name)} has no console password.",
        why="Somebody has removed the login profile, so nobody can sign in as this user.",
        next="Find out who, in CloudTrail under DeleteLoginProfile; then set up a new emergency user.",
        kind=Kind.MISSING,
        code="NoLoginProfile",
    )
