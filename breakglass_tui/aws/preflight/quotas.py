"""The preflight check ``quotas``: the IAM quotas allow one more user, and that user in its groups."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

ASK = "Delete users that are no longer needed, or ask AWS for a higher quota."


@dataclass(frozen=True)
class QuotasPreflight:
    """The check of Users, UsersQuota and GroupsPerUserQuota from GetAccountSummary (IAM API: summaryKeyType)."""

    clients: Clients
    setup: Setup
    id = "quotas"
    title = "IAM quotas"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).account_wide("iam:GetAccountSummary"))

    def inspect(self, context: StepContext) -> CheckResult:
        """Compare the number of users and of requested groups with the quotas."""
        findings, groups = Findings(), len(self.setup.request.groups)
        summary = Api(self.clients, context).call("iam:GetAccountSummary").get("SummaryMap", {})
        users, allowed = summary.get("Users", 0), summary.get("UsersQuota")
        own = 1 if self.setup.resumed else 0  # the user that an earlier process created is counted too
        if allowed is None:
            findings.warn("AWS did not report the quota of users", "Continue. AWS refuses a user above the quota.")
        elif users - own >= allowed:
            findings.fail(f"{users} users, the quota is {allowed}", ASK)
        else:
            findings.good(f"{users} users, the quota is {allowed}")
        per_user = summary.get("GroupsPerUserQuota")
        if groups and per_user is not None and groups > per_user:
            findings.fail(f"{groups} groups are requested, the quota is {per_user} per user", "Choose fewer groups.")
        why = "A quota that is reached during the run makes it fail, and everything is rolled back."
        return findings.result(self, expected="room for one more user, and for its groups", why=why)
