"""The preflight check ``permissions``: the caller may call each action of the plan and of its undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.checks.policy_simulation import by_organization, context_entries
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.parallel_reads import read_in_parallel
from breakglass_tui.aws.permission_scope import PermissionScope
from breakglass_tui.aws.steps.plan_builder import build_plan
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.permissions import Permission
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.sign_in import PARTITIONS
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

ALLOWED = "allowed"
UNKNOWN = "Continue if you are sure that you have these permissions. If AWS refuses an action, the run is rolled back."
WHY = "A run that can create but not delete could leave an incomplete user."


@dataclass(frozen=True)
class PermissionsPreflight:
    """The check of each action of the plan and of its undo, on their resources (SimulatePrincipalPolicy).

    A denial is only a warning if it depends on a condition key for which the simulator has no value. A denial by a
    policy of the organization is only a warning too. The simulator does not list the keys that only such a policy uses
    (IAM API, SimulatePrincipalPolicy). In both cases AWS decides when the run makes the call.
    """

    clients: Clients
    setup: Setup
    id = "permissions"
    title = "Caller permissions"

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The reads of this check, with their resources."""
        return tuple(PermissionScope(self.setup.account, self.setup.request).caller())

    def inspect(self, context: StepContext) -> CheckResult:
        """Simulate each action and report the denied ones."""
        api = Api(self.clients, context)
        principal = _principal(api, self.setup.account.caller)
        grouped = iam_actions_by_resource(build_plan(self.clients, self.setup).step_permissions())
        denied, uncertain, organization = dict[str, str](), dict[str, str](), list[str]()
        count, unanswered = 0, set[str]()
        simulations = [
            partial(_simulate, setup=self.setup, principal=principal, actions=group, arns=arns)
            for arns, group in grouped.items()
        ]
        for group, results in zip(grouped.values(), read_in_parallel(api, *simulations), strict=True):
            count += len(group)
            unanswered.update(group)
            for result in results:
                action, missing = str(result["EvalActionName"]), result.get("MissingContextValues") or ()
                unanswered.discard(action)
                if _allowed(result):
                    continue
                if missing:
                    uncertain[action] = ", ".join(map(str, missing))
                elif by_organization(result):
                    organization.append(action)
                else:
                    denied[action] = _reason(result)
        findings = Findings()
        if unanswered:
            findings.warn(f"the simulator gave no answer for {', '.join(sorted(unanswered))}", UNKNOWN)
        if organization:
            reason = "denied by a policy of the organization (the simulator may not know all of its conditions)"
            findings.warn(f"{reason}: {_names(organization)}", UNKNOWN)
        _add(findings, denied, uncertain, count - len(unanswered) - len(organization))
        expected = f"{count} IAM actions are allowed for {show(principal)}"
        return findings.result(self, expected=expected, why=WHY)


def iam_actions_by_resource(permissions: Iterable[Permission]) -> dict[tuple[str, ...], list[str]]:
    """Return the IAM actions of ``permissions``, by the ARNs of their resources.

    Actions of other services are left out: the check ``seal-works`` tests KMS by use, and the policy simulator does not
    evaluate key policies.
    """
    grouped: dict[tuple[str, ...], list[str]] = {}
    for permission in permissions:
        if permission.action.startswith("iam:"):
            grouped.setdefault(permission.resources, []).append(permission.action)
    return grouped


def _add(findings: Findings, denied: Mapping[str, str], uncertain: Mapping[str, str], count: int) -> None:
    if denied:
        text = ", ".join(show(action) + reason for action, reason in denied.items())
        findings.fail(
            f"denied: {text}",
            f"Ask an administrator for {', '.join(map(show, denied))}, or use another profile with --profile.",
        )
    if uncertain:
        keys = ", ".join(sorted({show(keys) for keys in uncertain.values()}))
        next = f"Continue if your session meets the conditions on {keys}."
        findings.warn(f"allowed only under conditions ({keys}): {', '.join(map(show, uncertain))}", next)
    if count and not denied and not uncertain:
        findings.good(f"all {count} IAM actions are allowed (policy simulator)")


def _principal(api: Api, caller: Caller) -> str:
    """Return the ARN of the principal to simulate. Raises ``Problem`` if it is neither a user nor a role.

    For an assumed role it reads the role, because the session ARN does not have the role's path.
    """
    kind, _, rest = caller.principal.partition("/")
    if kind == "user":
        return caller.arn
    if kind == "assumed-role":
        return str(api.call("iam:GetRole", RoleName=rest.split("/")[0])["Role"]["Arn"])
    raise Problem(
        f"The permissions of {show(caller.principal)} cannot be simulated.",
        why="AWS simulates only users, groups and roles.",
        next=UNKNOWN,
        kind=Kind.REFUSED,
    )


def _names(actions: list[str]) -> str:
    return ", ".join(map(show, dict.fromkeys(actions)))


def _simulate(
    api: Api, setup: Setup, principal: str, actions: list[str], arns: tuple[str, ...]
) -> list[Mapping[str, Any]]:
    """Return the EvaluationResults for ``actions`` on the resources ``arns``. Raises ``Problem``.

    The context has a Region, because otherwise a service control policy that allows only some Regions denies
    everything. Requests to IAM have the home Region of the partition as aws:RequestedRegion (IAM User Guide, global
    condition keys).
    """
    caller, partition = setup.account.caller, PARTITIONS.get(setup.account.caller.partition)
    of_iam = all(action.startswith("iam:") for action in actions)
    region = partition.home if of_iam and partition else setup.request.region
    return list(
        api.paginate(
            "iam:SimulatePrincipalPolicy",
            "EvaluationResults",
            PolicySourceArn=principal,
            ActionNames=actions,
            ResourceArns=list(arns),
            ContextEntries=context_entries(principal, caller.account_id, region),
        )
    )


def _allowed(result: Mapping[str, Any]) -> bool:
    by_arn = (part.get("EvalResourceDecision") for part in result.get("ResourceSpecificResults") or ())
    return result.get("EvalDecision") == ALLOWED and all(decision == ALLOWED for decision in by_arn)


def _reason(result: Mapping[str, Any]) -> str:
    if result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return " (by your permissions boundary)"
    return ""
