"""The preflight check ``lock-out``: no policy that will apply to the user denies its sign-in or its actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.groups import group_policies
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.steps.base import AwsStep
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.lock_out_rules import DeniedAction, denied
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, inline_document
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

CHANGE_PASSWORD = "iam:ChangePassword"  # noqa: S105 - the name of an action
NEEDED_ACTION = "iam:PutUserPolicy"
"""A sample of the actions that an emergency user must be allowed to call."""
WHY = "A deny overrides AdministratorAccess. It would only be noticed at the first sign-in or in the emergency."
LEAVE_OUT = "Leave out the group, or remove that statement from its policy."
ENROL = "Set mfa to give the user an MFA device, or leave out the group."
NO_RESET = "Set password_reset_required to false, or exclude iam:ChangePassword from that deny."


@dataclass(frozen=True)
class LockOutPreflight:
    """The check of the inline policy and of the groups' policies, for each way in which the user will sign in.

    The user gets its MFA device before its policies, so a deny without MFA never applies to a user that has no device
    yet.
    """

    clients: Clients
    setup: Setup
    id = "lock-out"
    title = "Lock-out protection"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).group_policies())

    def inspect(self, context: StepContext) -> CheckResult:
        """Read and evaluate each policy that will apply to the user."""
        api, findings, request = Api(self.clients, context), Findings(), self.setup.request
        admin = self.setup.account.admin_policy
        if request.require_mfa and isinstance(admin, AdminPolicy):
            self._judge(INLINE_POLICY_NAME, inline_document(admin, require_mfa=True), findings)
            if not findings.failed and request.console and request.password_reset_required:
                findings.good("the deny without MFA allows the user to change the password at the first sign-in")
        for group in request.groups:
            for name, document in group_policies(api, group):
                self._judge(f"{show(name)} of group {show(group)}", document, findings)
        if findings.empty:
            findings.good("no policy denies the user what it needs")
        return findings.result(self, expected="no policy that denies the user what it needs", why=WHY)

    def _judge(self, policy: str, document: Mapping[str, Any], findings: Findings) -> None:
        arn, request = AwsStep(self.clients, self.setup).user_arn, self.setup.request
        reported = False
        for mfa, who in self._sign_ins():
            decision = denied(document, NEEDED_ACTION, arn, mfa=mfa)
            if decision is DeniedAction.YES:
                findings.fail(f"{policy} denies {who} a needed action ({NEEDED_ACTION})", LEAVE_OUT if mfa else ENROL)
                reported = True
            elif decision is DeniedAction.MAYBE and not reported:
                findings.warn(f"{policy} has a deny with a condition that cannot be evaluated here", LEAVE_OUT)
                reported = True
        if reported or not (request.console and request.password_reset_required):
            return
        if denied(document, CHANGE_PASSWORD, arn, mfa=False) is DeniedAction.YES:
            # AWS does not document whether the console's forced password change uses MFA. Without a device it cannot.
            certain = request.mfa == "none"
            add = findings.fail if certain else findings.warn
            fails = "fails" if certain else "may fail"
            add(f"{policy} denies {CHANGE_PASSWORD} without MFA: the first sign-in {fails}", NO_RESET)

    def _sign_ins(self) -> Iterator[tuple[bool | None, str]]:
        """Yield each way to act as the user: the value of aws:MultiFactorAuthPresent, and a name for texts.

        The value is None if the requests do not have that context key.
        """
        request = self.setup.request
        if request.mfa != "none":
            yield True, "the user, even with MFA,"
        elif request.console:
            yield False, "the user, which will have no MFA device,"
        if request.programmatic and request.mfa == "none":
            yield None, "the access key, which has no MFA,"
