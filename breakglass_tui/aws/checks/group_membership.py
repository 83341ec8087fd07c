"""The check ``group-membership``: the user is in the groups that were asked for."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A group brings permissions, and a deny in its policies beats the administrator rights of the user."


@dataclass(frozen=True)
class GroupMembershipCheck(UserCheck):
    """ListGroupsForUser against ``groups``."""

    groups: tuple[str, ...]
    id = "group-membership"
    title = "Group membership"

    def inspect(self, context: StepContext) -> CheckResult:
        """List the user's groups and name those that are missing or one too many."""
        findings = Findings()
        self._judge(self.shared().groups.get(Api(self.clients, context)), findings)
        return findings.result(self, expected=f"member of {', '.join(map(show, self.groups))}", why=WHY)

    def _judge(self, found: list[str], findings: Findings) -> None:
        present = [name for name in self.groups if name in found]
        if present:
            findings.good(f"member of {', '.join(map(show, present))}")
        for name in self.groups:
            if name not in found:
                add = command(self.subject, "add-user-to-group", "--group-name", name)
                findings.fail(f"not a member of {show(name)}", f"Add it: {add}")
        for name in found:
            if name not in self.groups:
                take = command(self.subject, "remove-user-from-group", "--group-name", name)
                findings.warn(f"also a member of {show(name)}, which was not asked for", f"Unless it is meant: {take}")
