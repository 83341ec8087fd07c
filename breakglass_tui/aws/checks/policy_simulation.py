"""What IAM's policy simulator says of the user, with and without MFA (SimulatePrincipalPolicy)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.expectation import not_yet
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

MFA_PRESENT = "aws:MultiFactorAuthPresent"
ALLOWED = "allowed"
DENIED = "explicitDeny"


@dataclass(frozen=True)
class SimulationResult:
    """One action: the decision in IAM's words, and what it comes from."""

    action: str
    decision: str
    cause: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the user may."""
        return self.decision == ALLOWED

    @property
    def denied(self) -> bool:
        """Whether a statement denies it; ``implicitDeny`` only says that nothing allows it."""
        return self.decision == DENIED


def simulate(api: Api, subject: Subject, arn: str, actions: Sequence[str], mfa: str) -> tuple[SimulationResult, ...]:
    """The decisions on every resource; ``mfa`` is ``true``, ``false``, or empty for a plain key, which has no MFA key.

    Identity and group policies, boundary and service control policies take part; resource policies do not.
    """
    entry = {"ContextKeyName": MFA_PRESENT, "ContextKeyValues": [mfa], "ContextKeyType": "boolean"}
    asked: dict[str, Any] = {"PolicySourceArn": arn, "ActionNames": list(actions)}
    if mfa:
        asked["ContextEntries"] = [entry]
    found = api.pages("iam:SimulatePrincipalPolicy", "EvaluationResults", patience=not_yet(subject), **asked)
    return tuple(
        SimulationResult(str(item["EvalActionName"]), str(item["EvalDecision"]), _cause(item)) for item in found
    )


def how(mfa: str) -> str:
    """The situation, for people."""
    return {"true": "with MFA", "false": "without MFA"}.get(mfa, "by the plain key")


def _cause(item: Mapping[str, Any]) -> str:
    if item.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return "a policy of the organization"
    if item.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return "the permissions boundary"
    sources = dict.fromkeys(str(held.get("SourcePolicyId", "")) for held in item.get("MatchedStatements", ()))
    return ", ".join(show(source) for source in sources if source)
