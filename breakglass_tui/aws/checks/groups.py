"""The check ``groups``: the policies of the user's groups, and groups that were not requested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.iam_user import scope_of
from breakglass_tui.aws.checks.policy_documents import denials, managed_document, names
from breakglass_tui.aws.checks.remedy_commands import user_command
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.aws.parallel_reads import read_in_parallel
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = (
    "Anyone who can change a group changes this user. "
    "A deny in a policy of the group overrides what the user itself is granted."
)


@dataclass(frozen=True)
class GroupsCheck(UserCheck):
    """The check that no policy of the user's groups denies anything, and that each group was requested."""

    id = "groups"
    title = "Group policies"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return (*scope_of(self.subject).user("iam:ListGroupsForUser"), *scope_of(self.subject).group_policies())

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the user's groups and every inline and managed policy of each group."""
        api, findings = Api(self.clients, context), Findings()
        groups = self.shared().groups.get(api)
        if not groups:
            findings.good("no groups")
        for group in groups:
            self._evaluate(api, group, findings)
        return findings.result(self, expected=self._expected(), why=WHY)

    def _expected(self) -> str:
        request = self.subject.request
        if request is None:
            return "no group policy that denies anything"
        if not request.groups:
            return "no groups"
        return f"no groups except {names(map(show, request.groups))}, and no deny in their policies"

    def _evaluate(self, api: Api, group: str, findings: Findings) -> None:
        remove = user_command(self.clients, self.subject, "remove-user-from-group", group_name=group)
        policies: list[str] = []
        for name, document in group_policies(api, group):
            policies.append(show(name))
            for denied in denials(document):
                text = f"policy {show(name)} of group {show(group)} contains {denied}"
                findings.warn(text, f"Remove that statement, or remove the user from the group: {remove}")
        if self.subject.request is not None and group not in self.subject.request.groups:
            text = f"not requested: group {show(group)}"
            findings.warn(text, f"Remove the user from the group unless it is intended: {remove}")
        if policies:
            findings.good(f"group {show(group)} has the policies {names(policies)}")
        else:
            findings.good(f"group {show(group)} adds no permissions")


def group_policies(api: Api, group: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the document of each inline and managed policy of a group. Raises ``Problem``."""
    inline, managed = read_in_parallel(
        api,
        lambda branch: list(branch.paginate("iam:ListGroupPolicies", "PolicyNames", GroupName=group)),
        lambda branch: list(branch.paginate("iam:ListAttachedGroupPolicies", "AttachedPolicies", GroupName=group)),
    )
    for name in inline:
        answer = api.call("iam:GetGroupPolicy", GroupName=group, PolicyName=name)
        yield str(name), answer["PolicyDocument"]
    for policy in managed:
        yield str(policy["PolicyName"]), managed_document(api, str(policy["PolicyArn"]))
