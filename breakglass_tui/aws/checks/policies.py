"""The check ``policies``: the user has no policy that was not requested, and no permissions boundary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.dates import minute_text
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.policy_documents import names
from breakglass_tui.aws.checks.remedy_commands import user_command
from breakglass_tui.aws.checks.user_policies import POLICY_READS, UserPolicies
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, admin_policy_arn
from breakglass_tui.domain.session_deny import SESSION_DENY, denied_before
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "If a policy was not requested, another person added it. "
    "One deny in it, or a permissions boundary, can disable the user."
)
WHY_NONE = "Without permissions, the user can do nothing in an emergency."
LONGEST_SESSION = "36 hours"
"""The longest session of GetSessionToken (AWS STS API)."""
GRANT = "Give the user the permissions that an emergency needs, or create a new emergency user."


@dataclass(frozen=True)
class PoliciesCheck(UserCheck):
    """The check of the user's policies and permissions boundary.

    It calls ListUserPolicies, ListAttachedUserPolicies and GetUser.
    """

    id = "policies"
    title = "Other policies"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user(*POLICY_READS))

    def inspect(self, context: StepContext) -> CheckResult:
        """Report each policy that was not requested. The check ``inline-policy`` compares the requested one."""
        api, findings = Api(self.clients, context), Findings()
        policies, why = self.shared().policies.get(api), WHY
        denies = _session_denies(policies)
        inline, attached = [name for name in policies.inline if name not in denies], dict(policies.attached)
        if self.subject.request is None:
            self._unmanaged(api, inline, attached, findings)
            why = WHY_NONE if findings.failed else WHY
        else:
            self._exactly(inline, attached, findings)
        for name, before in denies.items():
            self._session_deny(name, before, policies.read_at, findings)
        self._boundary(policies.boundary, findings)
        return findings.result(self, expected=self._expected(), why=why)

    def _expected(self) -> str:
        if self.subject.request is None:
            return "at least one policy or group, no permissions boundary"
        return f"only the inline policy {INLINE_POLICY_NAME}, no attached policy, no permissions boundary"

    def _exactly(self, inline: list[str], attached: dict[str, str], findings: Findings) -> None:
        for name in inline:
            if name != INLINE_POLICY_NAME:
                delete = user_command(self.clients, self.subject, "delete-user-policy", policy_name=name)
                text = f"not requested: inline policy {show(name)}"
                findings.fail(text, f"Delete it unless it is intended: {delete}")
        for arn in attached:
            detach = user_command(self.clients, self.subject, "detach-user-policy", "--policy-arn", arn)
            text = f"not requested: attached policy {show(arn)}"
            findings.fail(text, f"Detach it unless it is intended: {detach}")
        if not findings.failed:
            _list(inline, (), findings)

    def _unmanaged(self, api: Api, inline: list[str], attached: dict[str, str], findings: Findings) -> None:
        if inline or attached:
            _list(inline, attached.values(), findings)
        elif self.shared().groups.get(api):
            findings.good("no policies on the user, its permissions come from its groups")
        else:
            findings.fail("the user has no permissions: it has no policy and no group", GRANT)

    def _session_deny(self, name: str, before: datetime, now: datetime, findings: Findings) -> None:
        """Report the inline policy that denies sessions issued before ``before``. A date in the future is a failure.

        The runbook creates this policy to end older sessions.
        """
        delete = user_command(self.clients, self.subject, "delete-user-policy", policy_name=name)
        if before > now:
            text = f"inline policy {name} denies every session until {minute_text(before)}"
            findings.fail(text, f"Delete it, or give it a date that is past: {delete}")
        else:
            text = f"inline policy {name} denies sessions issued before {minute_text(before)}"
            advice = f"No session lasts more than {LONGEST_SESSION}. Delete it when that time is over"
            findings.warn(f"{text}, and never a long-term access key", f"{advice}: {delete}")

    def _boundary(self, arn: str, findings: Findings) -> None:
        if not arn:
            findings.good("no permissions boundary")
            return
        text = f"the permissions boundary {show(arn)} limits the user"
        delete = user_command(self.clients, self.subject, "delete-user-permissions-boundary")
        allows_all = arn == admin_policy_arn(self.subject.account.caller.partition)
        report = findings.warn if allows_all or self.subject.request is None else findings.fail
        report(text, f"Remove it unless it is intended: {delete}")


def _session_denies(policies: UserPolicies) -> dict[str, datetime]:
    """Return the date of the policy that ends older sessions, by the name of the policy.

    The result is empty if the user does not have this policy in exactly the form of the runbook.
    """
    before = denied_before(policies.inline.get(SESSION_DENY))
    return {SESSION_DENY: before} if before else {}


def _list(inline: Iterable[str], attached: Iterable[str], findings: Findings) -> None:
    findings.good(f"inline policies: {names(map(show, inline))}")
    findings.good(f"attached policies: {names(map(show, attached))}")
