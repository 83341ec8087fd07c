"""Experiment: condition keys in the policy simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from breakglass_tui.aws.checks.denies import EMERGENCY
from breakglass_tui.aws.checks.policy_simulation import by_organization, context_entries
from breakglass_tui.aws.consistency import wait_until_consistent
from live_experiments.facts import Fact
from live_experiments.lab import NOT_VISIBLE, Lab

ACTION = "iam:SimulatePrincipalPolicy"
BY_ARN, BY_REGION = "s3:ListAllMyBuckets", "sns:ListTopics"
REGION = "aws:RequestedRegion"
ALLOWED, DENIED = "allowed", "explicitDeny"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
"""A policy for the simulation only, so that a denial can only come from the organization. The user never gets it."""


def simulator_context(lab: Lab) -> Iterator[Fact]:
    """Yield as facts how the simulator decides with and without the context entries that the program passes."""
    region = lab.clients.region
    user = lab.user(lambda arn: _policy(arn, region))
    context = context_entries(user.arn, lab.caller.account_id, region)

    def decisions(actions: Sequence[str], *entries: Mapping[str, Any], added: Sequence[str] = ()) -> dict[str, Any]:
        parameters: dict[str, Any] = {"PolicySourceArn": user.arn, "ActionNames": list(actions)}
        parameters |= {"ContextEntries": list(entries)} if entries else {}
        parameters |= {"PolicyInputList": list(added)} if added else {}
        answer = lab.api.paginate(ACTION, "EvaluationResults", retry_on=NOT_VISIBLE, **parameters)
        return {str(item["EvalActionName"]): item for item in answer}

    def with_context() -> dict[str, str]:
        return {action: item["EvalDecision"] for action, item in decisions((BY_ARN, BY_REGION), *context).items()}

    wait_until_consistent(lab.context, lambda: set(with_context().values()) == {ALLOWED}, good_reads=1)
    found = with_context()
    text = "With the context that the program passes, conditions on aws:PrincipalArn and aws:RequestedRegion are met."
    yield lab.fact(text, expected=ALLOWED, found=_listed(found), holds=set(found.values()) == {ALLOWED})
    bare = decisions((BY_ARN, BY_REGION))
    decision, missing = bare[BY_REGION]["EvalDecision"], bare[BY_REGION].get("MissingContextValues", [])
    text = f"Without it, a deny of other Regions matches, and MissingContextValues has {REGION}."
    holds = decision == DENIED and REGION in missing
    yield lab.fact(text, expected=f"{DENIED}, {REGION}", found=f"{decision}, {', '.join(missing)}", holds=holds)
    text = "The simulator fills in aws:PrincipalArn by itself, or it does not. The program passes it in both cases."
    filled = bare[BY_ARN]["EvalDecision"]
    yield lab.fact(text, expected=f"{ALLOWED} or implicitDeny", found=filled, holds=True, needs_aws=True)
    yield _organization(
        lab,
        decisions(EMERGENCY, added=(json.dumps(EVERYTHING),)),
        decisions(EMERGENCY, *context, added=(json.dumps(EVERYTHING),)),
    )


def _listed(decisions: Mapping[str, str]) -> str:
    return ", ".join(f"{action}: {decision}" for action, decision in decisions.items())


def _organization(lab: Lab, bare: Mapping[str, Any], full: Mapping[str, Any]) -> Fact:
    """Return the fact whether the simulator reports fewer denials by the organization with the context entries.

    ``bare`` and ``full`` have the results without and with context entries, by action.
    """
    text = "The context lowers the number of actions that the simulator believes a policy of the organization denies."
    expected = "fewer denials than without it"
    without, passed = (
        [action for action, item in results.items() if by_organization(item)] for results in (bare, full)
    )
    if not without and not passed:
        return lab.not_shown(text, expected=expected, why="no policy of an organization denies a sampled action here")
    found = f"denied without it: {', '.join(without) or 'none'}. Denied with it: {', '.join(passed) or 'none'}"
    return lab.fact(text, expected=expected, found=found, holds=len(passed) < len(without), needs_aws=True)


def _policy(user_arn: str, region: str) -> Mapping[str, Any]:
    arn = {"StringEquals": {"aws:PrincipalArn": user_arn}}
    other = {"StringNotEquals": {REGION: [region]}}
    statements = (
        {"Effect": "Allow", "Action": BY_ARN, "Resource": "*", "Condition": arn},
        {"Effect": "Allow", "Action": BY_REGION, "Resource": "*"},
        {"Effect": "Deny", "Action": BY_REGION, "Resource": "*", "Condition": other},
    )
    return {"Version": "2012-10-17", "Statement": list(statements)}
