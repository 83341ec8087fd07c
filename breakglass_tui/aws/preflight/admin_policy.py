"""The look ``policy-readable``: AdministratorAccess is known and fits on the user."""

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

READ_AGAIN = "Go back to the assessment, which reads it again; it takes iam:GetPolicy and iam:GetPolicyVersion."


@dataclass(frozen=True)
class AdminPolicyPreflight:
    """The document of the assessment; no call."""

    setup: Setup
    id = "policy-readable"
    title = "AdministratorAccess is known"

    def inspect(self, context: StepContext) -> CheckResult:  # noqa: ARG002 - a Check
        """Look at what the assessment has read."""
        findings, policy = Findings(), self.setup.account.admin_policy
        if isinstance(policy, AdminPolicy):
            document = inline_document(policy, require_mfa=self.setup.request.require_mfa)
            error = size_error(document)
            if error:
                findings.fail(error, "Go back and leave the guardrail out.")
            else:
                findings.good(f"{ADMIN_POLICY_NAME} {show(policy.version_id)}, {size(document)} characters")
        else:
            reason = f": {policy.what}" if isinstance(policy, Problem) else ""
            findings.fail(f"{ADMIN_POLICY_NAME} could not be read{reason}", READ_AGAIN)
        why = "The user gets a copy of this document; without it there is nothing to put on it."
        return findings.result(self, expected=f"{ADMIN_POLICY_NAME} within {INLINE_QUOTA} characters", why=why)
