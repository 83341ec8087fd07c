"""The preflight check ``policy-readable``: AdministratorAccess is complete and fits into an inline policy."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.administrator_access import CHANGED_NEXT, administrator_access_flaws
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.policy import ADMIN_POLICY_NAME, INLINE_QUOTA, inline_document, size, size_error
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

READ_AGAIN = "Go back to the assessment, which reads it again. This needs iam:GetPolicy and iam:GetPolicyVersion."


@dataclass(frozen=True)
class AdminPolicyPreflight:
    """The check of the AdministratorAccess document that the assessment read. Makes no AWS call."""

    setup: Setup
    id = "policy-readable"
    title = "AdministratorAccess policy"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return ()

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Compare the document with the one that AWS publishes, and its size with the quota of inline policies."""
        findings, policy = Findings(), self.setup.account.admin_policy
        if isinstance(policy, AdminPolicy):
            document = inline_document(policy, require_mfa=self.setup.request.require_mfa)
            error = size_error(document)
            flaws = administrator_access_flaws(policy.document)
            if flaws:
                version = f"{ADMIN_POLICY_NAME} {show(policy.version_id)}"
                findings.fail(f"{version} is not the policy that AWS publishes: {'; '.join(flaws)}", CHANGED_NEXT)
            elif error:
                findings.fail(error, "Leave out the deny without MFA: set require_mfa to false.")
            else:
                own = "the inline policy has " if self.setup.request.require_mfa else ""
                findings.good(f"{ADMIN_POLICY_NAME} {show(policy.version_id)}, {own}{size(document)} characters")
        else:
            reason = f": {policy.what}" if isinstance(policy, Problem) else ""
            findings.fail(f"{ADMIN_POLICY_NAME} could not be read{reason}", READ_AGAIN)
        why = "The inline policy of the user is a copy of this document."
        expected = f"{ADMIN_POLICY_NAME} allows everything, within {INLINE_QUOTA} characters"
        return findings.result(self, expected=expected, why=why)
