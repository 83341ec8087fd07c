"""The preflight check ``policy-readable``: AdministratorAccess was read and fits into an inline policy."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.domain.account import AdminPolicy
from breakglass_tui.domain.checks import CheckResult
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

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Compare the size of the document with the quota of inline policies."""
        findings, policy = Findings(), self.setup.account.admin_policy
        if isinstance(policy, AdminPolicy):
            document = inline_document(policy, require_mfa=self.setup.request.require_mfa)
            error = size_error(document)
            if error:
                findings.fail(error, "Turn off the guardrail: set require_mfa to false.")
            else:
                findings.good(f"{ADMIN_POLICY_NAME} {show(policy.version_id)}, {size(document)} characters")
        else:
            reason = f": {policy.what}" if isinstance(policy, Problem) else ""
            findings.fail(f"{ADMIN_POLICY_NAME} could not be read{reason}", READ_AGAIN)
        why = "The inline policy of the user is a copy of this document."
        return findings.result(self, expected=f"{ADMIN_POLICY_NAME} within {INLINE_QUOTA} characters", why=why)
