"""The look ``lock-out``: nothing that will hold for the user keeps it from signing in or from acting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.groups import group_policies
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.lock_out_rules import DeniedAction, denied
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, inline_document
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

CHANGE_PASSWORD = "iam:ChangePassword"  # noqa: S105 - the name of an action
POWER = "iam:PutUserPolicy"
"""One action that an emergency user must be able to take."""
WHY = "A deny wins over AdministratorAccess: it would be found out in the emergency, or at the first sign-in."
LEAVE_OUT = "Leave the group out, or have that statement taken out of its policy."
ENROL = "Give the user an MFA device (mfa), or leave the group out."
NO_RESET = "Let the password stay (password_reset_required), or have iam:ChangePassword excepted from that deny."


@dataclass(frozen=True)
class LockOutPreflight:
    """The inline policy and the policies of the groups, judged with the MFA that the user will have.

    The device is enrolled before the policy is put, so the guardrail never meets a user without one.
    """

    clients: Clients
    setup: Setup
    id = "lock-out"
    title = "Nothing locks the user out"

    def inspect(self, context: StepContext) -> CheckResult:
        """Read every policy that will hold, and judge it."""
        api, findings, request = Api(self.clients, context), Findings(), self.setup.request
        admin = self.setup.account.admin_policy
        if request.require_mfa and isinstance(admin, AdminPolicy):
            self._judge(INLINE_POLICY_NAME, inline_document(admin, require_mfa=True), findings)
            if not findings.failed and request.console and request.password_reset_required:
                findings.good("the guardrail demands MFA for everything but changing the password at the first sign-in")
        for group in request.groups:
            for name, document in group_policies(api, group):
                self._judge(f"{show(name)} of group {show(group)}", document, findings)
        if findings.silent:
            findings.good("no deny that holds for this user")
        return findings.result(self, expected="no deny bites the user as it will be", why=WHY)

    def _judge(self, policy: str, document: Mapping[str, Any], findings: Findings) -> None:
        arn, request = AwsStep(self.clients, self.setup).user_arn, self.setup.request
        told = False
        for mfa, who in self._situations():
            power = denied(document, POWER, arn, mfa=mfa)
            if power is DeniedAction.YES:
                findings.fail(f"{policy} denies {who} what it must be able to do", LEAVE_OUT if mfa else ENROL)
                told = True
            elif power is DeniedAction.MAYBE and not told:
                findings.warn(f"{policy} has a deny whose condition cannot be judged here", LEAVE_OUT)
                told = True
        if told or not (request.console and request.password_reset_required):
            return
        if denied(document, CHANGE_PASSWORD, arn, mfa=False) is DeniedAction.YES:
            # Whether the console's forced change carries MFA is not documented; without a device it cannot.
            sure = request.mfa == "none"
            tell = findings.fail if sure else findings.warn
            what = "locks it out" if sure else "may lock it out"
            tell(f"{policy} denies {CHANGE_PASSWORD} without MFA: the first sign-in {what}", NO_RESET)

    def _situations(self) -> Iterator[tuple[bool | None, str]]:
        """As whom the user can act: signed in with its device, or without one, or by a plain key."""
        request = self.setup.request
        if request.mfa != "none":
            yield True, "the user, even with MFA,"
        elif request.console:
            yield False, "the user, which will have no MFA device,"
        if request.programmatic and request.mfa == "none":
            yield None, "the access key, which carries no MFA,"
