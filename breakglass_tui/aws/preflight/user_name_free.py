"""The preflight check ``name-free``: the user name is still free."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext


@dataclass(frozen=True)
class UserNamePreflight:
    """The check that no user of this name exists (GetUser).

    The assessment has compared the name with all users, because names that differ only in case are the same for IAM.
    """

    clients: Clients
    setup: Setup
    id = "name-free"
    title = "User name"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).absent_user("iam:GetUser"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Call GetUser for the name, which must find no user."""
        name, findings = self.setup.request.user_name, Findings()
        answer = Api(self.clients, context).find("iam:GetUser", UserName=name)
        if answer is None:
            findings.good(f"no user {show(name)}")
        else:
            user = answer.get("User", {})
            created = f", created {show(str(user['CreateDate']))}" if user.get("CreateDate") else ""
            text = f"the user {show(str(user.get('Arn', name)))} already exists{created}"
            findings.fail(text, "Choose another user name. Or validate that user, which changes nothing.")
        why = "This run never changes a user that it did not create."
        return findings.result(self, expected=f"no user {show(name)}", why=why)
