"""Decisions of IAM's policy simulator (SimulatePrincipalPolicy) for the user, with and without MFA."""

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
    """The decision of the simulator for one action, as IAM names it.

    ``cause`` names the policies that denied the action. ``by_organization`` is whether a policy of the organization
    did.
    """

    action: str
    decision: str
    cause: str = ""
    by_organization: bool = False

    @property
    def allowed(self) -> bool:
        """Whether the user may call the action."""
        return self.decision == ALLOWED

    @property
    def denied(self) -> bool:
        """Whether a statement denies the action. ``implicitDeny`` only means that no statement allows it."""
        return self.decision == DENIED


def simulate(api: Api, subject: Subject, arn: str, actions: Sequence[str], mfa: str) -> tuple[SimulationResult, ...]:
    """Return the simulator's decision for each of ``actions``, on all resources, for the user ``arn``.

    Raises ``Problem``. ``mfa`` is the value of aws:MultiFactorAuthPresent: ``true`` or ``false``. It is empty for an
    access key alone, because its requests do not have that context key.

    The simulator evaluates the policies of the user and its groups, the permissions boundary and service control
    policies. It does not evaluate resource policies.
    """
    parameters: dict[str, Any] = {"PolicySourceArn": arn, "ActionNames": list(actions)}
    parameters["ContextEntries"] = [*_context(subject, arn), *([_entry(MFA_PRESENT, mfa, "boolean")] if mfa else [])]
    retry_on = not_visible_codes(subject)
    found = api.paginate("iam:SimulatePrincipalPolicy", "EvaluationResults", retry_on=retry_on, **parameters)
    return tuple(
        SimulationResult(str(item["EvalActionName"]), str(item["EvalDecision"]), _cause(item), by_organization(item))
        for item in found
    )


def context_entries(arn: str, account_id: str, region: str) -> list[dict[str, Any]]:
    """Return ContextEntries with the principal and the Region, which most service control policies use in conditions.

    Without them, a policy that denies other Regions matches, because a negated condition is true for an absent key. The
    simulator does not return the keys that only a service control policy uses (IAM API, SimulatePrincipalPolicy).
    """
    found = [_entry("aws:PrincipalArn", arn), _entry("aws:PrincipalAccount", account_id)]
    return [*found, *([_entry("aws:RequestedRegion", region)] if region else [])]


def _entry(name: str, value: str, type: str = "string") -> dict[str, Any]:
    return {"ContextKeyName": name, "ContextKeyValues": [value], "ContextKeyType": type}


def _context(subject: Subject, arn: str) -> list[dict[str, Any]]:
    region = subject.request.region if subject.request else subject.account.region
    return context_entries(arn, subject.account.caller.account_id, region)


def situation(mfa: str) -> str:
    """Return a phrase for the MFA situation ``mfa``, for example ``with MFA``."""
    return {"true": "with MFA", "false": "without MFA"}.get(mfa, "with the access key alone")


def by_organization(item: Mapping[str, Any]) -> bool:
    """Return whether a policy of the organization denies the action. ``item`` is one of EvaluationResults."""
    return item.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False


def _cause(item: Mapping[str, Any]) -> str:
    if by_organization(item):
        return "a policy of the organization"
    if item.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return "the permissions boundary"
    matched = item.get("MatchedStatements", ())
    sources = dict.fromkeys(str(statement.get("SourcePolicyId", "")) for statement in matched)
    return ", ".join(show(source) for source in sources if source)
