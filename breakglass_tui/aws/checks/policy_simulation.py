"""Decisions of IAM's policy simulator for the user, with and without MFA (SimulatePrincipalPolicy)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.iam_user import not_visible_codes
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Subject

MFA_PRESENT = "aws:MultiFactorAuthPresent"
ALLOWED = "allowed"
DENIED = "explicitDeny"


@dataclass(frozen=True)
class SimulationResult:
    """The decision for one action, in IAM's words, and what caused it."""

    action: str
    decision: str
    cause: str = ""

    @property
    def allowed(self) -> bool:
        """Whether the user is allowed to do it."""
        return self.decision == ALLOWED

    @property
    def denied(self) -> bool:
        """Whether a statement denies it. ``implicitDeny`` only means that no statement allows it."""
        return self.decision == DENIED


def simulate(api: Api, subject: Subject, arn: str, actions: Sequence[str], mfa: str) -> tuple[SimulationResult, ...]:
    """Return the decisions for ``actions`` on every resource.

    ``mfa`` is the value of aws:MultiFactorAuthPresent: ``true`` or ``false``. It is empty for an access key alone,
    whose requests do not have that context key. The simulator evaluates the policies of the user and its groups, the
    permissions boundary and service control policies. It does not evaluate resource policies.
    """
    entry = {"ContextKeyName": MFA_PRESENT, "ContextKeyValues": [mfa], "ContextKeyType": "boolean"}
    parameters: dict[str, Any] = {"PolicySourceArn": arn, "ActionNames": list(actions)}
    if mfa:
        parameters["ContextEntries"] = [entry]
    retry_on = not_visible_codes(subject)
    found = api.paginate("iam:SimulatePrincipalPolicy", "EvaluationResults", retry_on=retry_on, **parameters)
    return tuple(
        SimulationResult(str(item["EvalActionName"]), str(item["EvalDecision"]), _cause(item)) for item in found
    )


def situation(mfa: str) -> str:
    """Return the value of ``mfa`` in words, as the end of a clause."""
    return {"true": "with MFA", "false": "without MFA"}.get(mfa, "with the access key alone")


def _cause(item: Mapping[str, Any]) -> str:
    if item.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return "a policy of the organization"
    if item.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return "the permissions boundary"
    matched = item.get("MatchedStatements", ())
    sources = dict.fromkeys(str(statement.get("SourcePolicyId", "")) for statement in matched)
    return ", ".join(show(source) for source in sources if source)
