"""The check ``groups``: what the user's groups bring, and that none came along that nobody asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import command
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.policy_documents import denials, managed_document, names
from breakglass_tui.aws.checks.user_reads import UserCheck
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.text import show
from breakglass_tui.engine.step_context import StepContext

WHY = "Whoever may change a group changes this user: a deny in its policies takes away what the user itself was given."


@dataclass(frozen=True)
class GroupsCheck(UserCheck):
    """ListGroupsForUser, and the policies of each group."""

    id = "groups"
    title = "Groups"

    def inspect(self, context: StepContext) -> CheckResult:
        """Read every policy of every group."""
        api, findings = Api(self.clients, context), Findings()
        groups = self.shared().groups.get(api)
        if not groups:
            findings.good("no groups")
        for group in groups:
            self._judge(api, group, findings)
        return findings.result(self, expected=self._expected(), why=WHY)

    def _expected(self) -> str:
        if self.subject.request is None:
            return "no group that denies anything"
        return f"groups {names(map(show, self.subject.request.groups))}, none of which denies anything"

    def _judge(self, api: Api, group: str, findings: Findings) -> None:
        take = command(self.subject, "remove-user-from-group", "--group-name", group)
        granting: list[str] = []
        for name, document in group_policies(api, group):
            granting.append(show(name))
            for denied in denials(document):
                text = f"policy {show(name)} of group {show(group)} says {denied}"
                findings.warn(text, f"Have that statement taken out, or leave the group: {take}")
        if self.subject.request is not None and group not in self.subject.request.groups:
            findings.warn(f"group {show(group)} was not asked for", f"Unless it is meant: {take}")
        findings.good(f"group {show(group)} brings {names(granting)}")


def group_policies(api: Api, group: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each inline and managed policy of a group, by name, with its document; raises ``Problem``."""
    for name in list(api.pages("iam:ListGroupPolicies", "PolicyNames", GroupName=group)):
        answer = api.call("iam:GetGroupPolicy", GroupName=group, PolicyName=name)
        yield str(name), answer["PolicyDocument"]
    for policy in list(api.pages("iam:ListAttachedGroupPolicies", "AttachedPolicies", GroupName=group)):
        yield str(policy["PolicyName"]), managed_document(api, str(policy["PolicyArn"]))
