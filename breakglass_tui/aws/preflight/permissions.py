"""The look ``permissions``: the caller may do all of it, and take all of it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.checks.findings import Findings
from breakglass_tui.aws.clients import Clients
from breakglass_tui.aws.preflight.action_resources import by_resource
from breakglass_tui.aws.steps.mfa_device import MfaDeviceStep
from breakglass_tui.aws.steps.plan_builder import build_plan
from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.cloud import Setup
from breakglass_tui.engine.step_context import StepContext

ALLOWED = "allowed"
UNREAD = "Go on; AWS itself says no to what is not allowed, and what was made is removed again."
WHY = "A run that may create but not remove could leave a half-made user behind."


@dataclass(frozen=True)
class PermissionsPreflight:
    """SimulatePrincipalPolicy for every action of the plan and of its undo, on the resources they act on.

    The simulator does not know everything: conditions on values it was not given make a denial uncertain.
    """

    clients: Clients
    setup: Setup
    id = "permissions"
    title = "You are allowed to"

    def inspect(self, context: StepContext) -> CheckResult:
        """Simulate and name every action that would be denied."""
        api = Api(self.clients, context)
        principal = _principal(api, self.setup.account.caller)
        actions = build_plan(self.clients, self.setup).actions()
        device = MfaDeviceStep(self.clients, self.setup).serial
        denied: dict[str, str] = {}
        unsure: dict[str, str] = {}
        count, unread = 0, set[str]()
        for arns, some in by_resource(actions, self.setup, device=device).items():
            count += len(some)
            unread.update(some)
            for result in _simulate(api, principal, some, arns):
                action, missing = str(result["EvalActionName"]), result.get("MissingContextValues") or ()
                unread.discard(action)
                if _allowed(result):
                    continue
                if missing:
                    unsure[action] = ", ".join(map(str, missing))
                else:
                    denied[action] = _reason(result)
        findings = Findings()
        if unread:
            findings.warn(f"the simulator said nothing of {', '.join(sorted(unread))}", UNREAD)
        _tell(findings, denied, unsure, count - len(unread))
        expected = f"{count} IAM actions are allowed for {show(principal)}"
        return findings.result(self, expected=expected, why=WHY)


def _tell(findings: Findings, denied: Mapping[str, str], unsure: Mapping[str, str], count: int) -> None:
    if denied:
        text = ", ".join(show(action) + reason for action, reason in denied.items())
        findings.fail(f"denied: {text}", f"Ask for {', '.join(map(show, denied))}, or use another profile (--profile).")
    if unsure:
        keys = ", ".join(sorted({show(keys) for keys in unsure.values()}))
        next = f"Go on if your session meets the conditions on {keys}."
        findings.warn(f"allowed only under conditions ({keys}): {', '.join(map(show, unsure))}", next)
    if count and not denied and not unsure:
        findings.good(f"all {count} are allowed, by simulation")


def _principal(api: Api, caller: Caller) -> str:
    """The ARN to simulate; an assumed role's session ARN has lost the role's path, so the role is asked for."""
    kind, _, rest = caller.principal.partition("/")
    if kind == "user":
        return caller.arn
    if kind == "assumed-role":
        return str(api.call("iam:GetRole", RoleName=rest.split("/")[0])["Role"]["Arn"])
    raise Problem(
        f"Permissions of {show(caller.principal)} cannot be simulated.",
        why="AWS simulates users, groups and roles only.",
        next=UNREAD,
        kind=Kind.REFUSED,
    )


def _simulate(api: Api, principal: str, actions: list[str], arns: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    return api.pages(
        "iam:SimulatePrincipalPolicy",
        "EvaluationResults",
        PolicySourceArn=principal,
        ActionNames=actions,
        ResourceArns=list(arns),
    )


def _allowed(result: Mapping[str, Any]) -> bool:
    by_arn = (part.get("EvalResourceDecision") for part in result.get("ResourceSpecificResults") or ())
    return result.get("EvalDecision") == ALLOWED and all(decision == ALLOWED for decision in by_arn)


def _reason(result: Mapping[str, Any]) -> str:
    if result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return " (by the organization)"
    if result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return " (by your permissions boundary)"
    return ""
