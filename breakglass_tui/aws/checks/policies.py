"""The check ``policies``: the user has the policies it was given and no others, and no boundary caps it."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command, not_yet
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.policy_documents import names
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.policy import INLINE_POLICY_NAME, admin_policy_arn
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A policy that nobody asked for was put there by somebody; one deny in it, or a boundary, disarms the user."
GRANT = "Give it what the emergency takes, or set up a new emergency user."


@dataclass(frozen=True)
class PoliciesCheck(UserCheck):
    """ListUserPolicies, ListAttachedUserPolicies, and the permissions boundary of GetUser."""

    id = "policies"
    title = "Policies, no others"

    def inspect(self, context: StepContext) -> CheckResult:
        """List them and name what is too much; that the one asked for is right is another check's."""
        api, findings, user = Api(self.clients, context), Findings(), self.subject.user_name
        boundary = self.shared().user.get(api).get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
        late = not_yet(self.subject)
        inline = [str(name) for name in api.pages("iam:ListUserPolicies", "PolicyNames", patience=late, UserName=user)]
        attached = {
            str(policy["PolicyArn"]): str(policy["PolicyName"])
            for policy in api.pages("iam:ListAttachedUserPolicies", "AttachedPolicies", patience=late, UserName=user)
        }
        if self.subject.request is None:
            self._unmanaged(api, inline, attached, findings)
        else:
            self._exactly(inline, attached, findings)
        self._boundary(str(boundary), findings)
        return findings.result(self, expected=self._expected(), why=WHY)

    def _expected(self) -> str:
        if self.subject.request is None:
            return "policies that grant something, and no permissions boundary"
        return f"inline policy {INLINE_POLICY_NAME} alone, no attached policy, no permissions boundary"

    def _exactly(self, inline: list[str], attached: dict[str, str], findings: Findings) -> None:
        for name in inline:
            if name != INLINE_POLICY_NAME:
                take = command(self.subject, "delete-user-policy", "--policy-name", name)
                findings.fail(f"not asked for: inline policy {show(name)}", f"Unless it is meant: {take}")
        for arn in attached:
            take = command(self.subject, "detach-user-policy", "--policy-arn", arn)
            findings.fail(f"not asked for: attached policy {show(arn)}", f"Unless it is meant: {take}")
        if not findings.failed:
            findings.good(f"inline {names(map(show, inline))}; attached nothing")

    def _unmanaged(self, api: Api, inline: list[str], attached: dict[str, str], findings: Findings) -> None:
        if inline or attached:
            findings.good(f"inline {names(map(show, inline))}; attached {names(map(show, attached.values()))}")
        elif self.shared().groups.get(api):
            findings.good("none of its own; what it may do comes by its groups")
        else:
            findings.fail("no policy and no group: it may do nothing", GRANT)

    def _boundary(self, arn: str, findings: Findings) -> None:
        if not arn:
            findings.good("no permissions boundary")
            return
        text = f"the permissions boundary {show(arn)} limits what it may do"
        away = "If nobody meant it, remove it: " + command(self.subject, "delete-user-permissions-boundary")
        wide = arn == admin_policy_arn(self.subject.account.caller.partition)
        tell = findings.warn if wide or self.subject.request is None else findings.fail
        tell(text, away)
