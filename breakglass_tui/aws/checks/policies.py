"""The check ``policies``: the user has the requested policy and no others, and no permissions boundary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.policy_documents import names
from breakglass_tui.aws.checks.remedy_commands import user_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, admin_policy_arn
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "If a policy was not requested, another person added it. "
    "One deny in it, or a permissions boundary, can disable the user."
)
GRANT = "Give the user the permissions that an emergency needs, or create a new emergency user."


@dataclass(frozen=True)
class PoliciesCheck(UserCheck):
    """ListUserPolicies, ListAttachedUserPolicies, and the permissions boundary of GetUser."""

    id = "policies"
    title = "No other policies"

    def inspect(self, context: StepContext) -> CheckResult:
        """List the policies and report those that were not requested. ``inline-policy`` checks the requested one."""
        api, findings = Api(self.clients, context), Findings()
        policies = self.shared().policies.get(api)
        inline, attached = list(policies.inline), dict(policies.attached)
        if self.subject.request is None:
            self._unmanaged(api, inline, attached, findings)
        else:
            self._exactly(inline, attached, findings)
        self._boundary(policies.boundary, findings)
        return findings.result(self, expected=self._expected(), why=WHY)

    def _expected(self) -> str:
        if self.subject.request is None:
            return "at least one policy or group, no permissions boundary"
        return f"only the inline policy {INLINE_POLICY_NAME}, no attached policy, no permissions boundary"

    def _exactly(self, inline: list[str], attached: dict[str, str], findings: Findings) -> None:
        for name in inline:
            if name != INLINE_POLICY_NAME:
                delete = user_command(self.clients, self.subject, "delete-user-policy", "--policy-name", name)
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

    def _boundary(self, arn: str, findings: Findings) -> None:
        if not arn:
            findings.good("no permissions boundary")
            return
        text = f"the permissions boundary {show(arn)} limits the user"
        delete = user_command(self.clients, self.subject, "delete-user-permissions-boundary")
        allows_all = arn == admin_policy_arn(self.subject.account.caller.partition)
        report = findings.warn if allows_all or self.subject.request is None else findings.fail
        report(text, f"Remove it unless it is intended: {delete}")


def _list(inline: Iterable[str], attached: Iterable[str], findings: Findings) -> None:
    findings.good(f"inline policies: {names(map(show, inline))}")
    findings.good(f"attached policies: {names(map(show, attached))}")
