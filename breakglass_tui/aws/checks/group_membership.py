"""The check ``group-membership``: the user is in the requested groups."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.remedy_commands import user_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "A group grants permissions. A deny in its policies overrides the administrator permissions of the user."


@dataclass(frozen=True)
class GroupMembershipCheck(UserCheck):
    """The check that the user is in each of the requested ``groups`` and in no other (ListGroupsForUser)."""

    groups: tuple[str, ...]
    id = "group-membership"
    title = "Group membership"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(scope_of(self.subject).user("iam:ListGroupsForUser"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the user's groups and report missing and additional ones."""
        findings = Findings()
        self._evaluate(self.shared().groups.get(Api(self.clients, context)), findings)
        return findings.result(self, expected=f"member of {', '.join(map(show, self.groups))}", why=WHY)

    def _evaluate(self, found: list[str], findings: Findings) -> None:
        present = [name for name in self.groups if name in found]
        if present:
            findings.good(f"member of {', '.join(map(show, present))}")
        for name in self.groups:
            if name not in found:
                add = user_command(self.clients, self.subject, "add-user-to-group", group_name=name)
                findings.fail(f"not a member of {show(name)}", f"Add the user: {add}")
        for name in found:
            if name not in self.groups:
                remove = user_command(self.clients, self.subject, "remove-user-from-group", group_name=name)
                text = f"also a member of {show(name)}, which was not requested"
                findings.warn(text, f"Remove the user from the group unless it is intended: {remove}")
