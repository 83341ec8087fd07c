"""The preflight checks ``groups-exist`` and ``role-exists``: groups and role have not changed since the review."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.trust_principals import stale_ids
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.iam_lists import trust_of
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.domain.account import Role, role_obstacle
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

CHOOSE_AGAIN = "Go back, choose again, and review the plan."


@dataclass(frozen=True)
class GroupsPreflight:
    """The check that each group of the request exists (GetGroup)."""

    clients: Clients
    setup: Setup
    id = "groups-exist"
    title = "Requested groups"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).groups("iam:GetGroup"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read each group of the request by name."""
        api, findings, groups = Api(self.clients, context), Findings(), self.setup.request.groups
        for name in groups:
            if api.find("iam:GetGroup", GroupName=name, MaxItems=1) is None:
                findings.fail(f"there is no group {show(name)}", CHOOSE_AGAIN)
            else:
                findings.good(f"{show(name)} exists")
        why = "A missing group stops the run halfway."
        return findings.result(self, expected=f"groups {', '.join(map(show, groups))}", why=why)


@dataclass(frozen=True)
class RolePreflight:
    """The check that the role exists and still has the trust policy that the operator reviewed (GetRole)."""

    clients: Clients
    setup: Setup
    id = "role-exists"
    title = "Requested role"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).role("iam:GetRole"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Read the role and compare its trust policy with the one that the operator reviewed."""
        findings, arn = Findings(), self.setup.request.role_arn
        answer = Api(self.clients, context).find("iam:GetRole", RoleName=arn.rsplit("/", 1)[-1])
        found = answer["Role"] if answer else {}
        trust, reviewed = trust_of(found), self._reviewed()
        if found.get("Arn") != arn:
            findings.fail(f"there is no role {show(arn)}", CHOOSE_AGAIN)
        elif obstacle := role_obstacle(arn):
            findings.fail(f"{show(arn)} is {obstacle}", CHOOSE_AGAIN)
        elif stale_ids(trust):
            ids = ", ".join(map(show, stale_ids(trust)))
            text = f"the trust policy of {show(arn)} contains the id of a deleted user or role: {ids}"
            findings.fail(
                text,
                "Remove that id from the trust policy first. AWS refuses every change of a policy with such an id.",
            )
        elif reviewed is None:
            findings.good(f"{show(arn)} exists, but its trust policy could not be read for the review")
        elif trust != dict(reviewed.trust):
            text = f"the trust policy of {show(arn)} was changed after the review"
            findings.fail(text, "Go back to the assessment, which reads it again. Then review the plan again.")
        else:
            findings.good(f"{show(arn)}, trust policy unchanged")
        why = "An update replaces the whole trust policy, so it would overwrite a change that was not reviewed."
        return findings.result(self, expected=f"{show(arn)} with the trust policy that was reviewed", why=why)

    def _reviewed(self) -> Role | None:
        roles = self.setup.account.roles
        return next((role for role in roles.items if role.arn == self.setup.request.role_arn), None) if roles else None
