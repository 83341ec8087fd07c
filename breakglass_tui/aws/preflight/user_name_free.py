"""The look ``name-free``: nobody has taken the user name since it was assessed."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext


@dataclass(frozen=True)
class UserNamePreflight:
    """GetUser by this very name; names that differ in case only were looked for by the assessment's listing."""

    clients: Clients
    setup: Setup
    id = "name-free"
    title = "User name is free"

    def inspect(self, context: StepContext) -> CheckResult:
        """Ask for the user that must not be there."""
        name, findings = self.setup.request.user_name, Findings()
        answer = Api(self.clients, context).found("iam:GetUser", UserName=name)
        if answer is None:
            findings.good(f"no user {show(name)}")
        else:
            user = answer.get("User", {})
            made = f", made {show(str(user['CreateDate']))}" if user.get("CreateDate") else ""
            text = f"the user {show(str(user.get('Arn', name)))} exists already{made}"
            findings.fail(text, "Choose another user name, or validate that user, which only reads.")
        why = "A user that this run has not made is never changed."
        return findings.result(self, expected=f"no user {show(name)}", why=why)
