"""The look ``quotas``: the account has room for the user and its groups."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

ASK = "Remove users that are no longer needed, or ask AWS for a higher quota."


@dataclass(frozen=True)
class QuotasPreflight:
    """GetAccountSummary: Users, UsersQuota and GroupsPerUserQuota (IAM API: summaryKeyType)."""

    clients: Clients
    setup: Setup
    id = "quotas"
    title = "Quotas leave room"

    def inspect(self, context: StepContext) -> CheckResult:
        """Compare what is used and asked for with what is allowed."""
        findings, groups = Findings(), len(self.setup.request.groups)
        summary = Api(self.clients, context).call("iam:GetAccountSummary").get("SummaryMap", {})
        users, allowed = summary.get("Users", 0), summary.get("UsersQuota")
        own = 1 if self.setup.resumed else 0  # the user that an earlier process made is among those counted
        if allowed is None:
            findings.warn("AWS did not tell how many users are allowed", "Go on; AWS refuses what does not fit.")
        elif users - own >= allowed:
            findings.fail(f"{users} of {allowed} users are used", ASK)
        else:
            findings.good(f"{users} of {allowed} users are used")
        per_user = summary.get("GroupsPerUserQuota")
        if groups and per_user is not None and groups > per_user:
            findings.fail(f"{groups} groups are asked for, {per_user} a user are allowed", "Choose fewer groups.")
        why = "A quota that is met in mid-run would stop it and have everything removed again."
        return findings.result(self, expected="room for one more user in its groups", why=why)
