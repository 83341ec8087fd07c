"""Who a role's trust policy lets in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from breakglass_tui.aws.checks.policy_diff import statements, values

ASSUME = "sts:assumerole"
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")


def naming(trust: Mapping[str, Any], principal: str) -> list[Mapping[str, Any]]:
    """The statements that allow sts:AssumeRole and name ``principal`` itself."""
    return [
        statement
        for statement in statements(trust)
        if statement.get("Effect") == "Allow" and _assumes(statement) and principal in principals(statement)
    ]


def denying(trust: Mapping[str, Any], user_arn: str) -> list[Mapping[str, Any]]:
    """The statements that deny sts:AssumeRole to the user: by name, as one of the account or of everybody.

    A Deny that names an account holds for all of its users, unlike an Allow (IAM User Guide, Principal element).
    """
    account = user_arn.split(":")[4]
    whole = {user_arn, "*", account, f"{user_arn.split(':user', 1)[0]}:root"}
    return [
        statement
        for statement in statements(trust)
        if statement.get("Effect") == "Deny" and _covers(statement) and _meets(statement, whole)
    ]


def stale_ids(trust: Mapping[str, Any]) -> tuple[str, ...]:
    """The unique ids that stand where users and roles stood before they were deleted (IAM User Guide, Principal)."""
    named = (principal for statement in statements(trust) for principal in principals(statement))
    return tuple(dict.fromkeys(principal for principal in named if _UNIQUE_ID.fullmatch(principal)))


def only_mfa(trust: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the conditions of these statements ask for MFA and for nothing else."""
    keys = {key.lower() for held in trust for of in (held.get("Condition") or {}).values() for key in of}
    return keys <= {"aws:multifactorauthpresent", "aws:multifactorauthage"}


def principals(statement: Mapping[str, Any]) -> list[str]:
    """The AWS principals a statement names."""
    principal = statement.get("Principal")
    return values(principal.get("AWS")) if isinstance(principal, Mapping) else values(principal)


def _meets(statement: Mapping[str, Any], whole: set[str]) -> bool:
    if "NotPrincipal" in statement:
        return whole.isdisjoint(principals({"Principal": statement["NotPrincipal"]}))
    return not whole.isdisjoint(principals(statement))


def _covers(statement: Mapping[str, Any]) -> bool:
    """Whether sts:AssumeRole is among its actions; * and ? stand for any characters and any one."""
    if "NotAction" in statement:
        return not _matches(values(statement["NotAction"]))
    return _matches(values(statement.get("Action")))


def _matches(patterns: list[str]) -> bool:
    return any(fnmatchcase(ASSUME, pattern.lower()) for pattern in patterns)


def _assumes(statement: Mapping[str, Any]) -> bool:
    return any(action.lower() in (ASSUME, "sts:*", "*") for action in values(statement.get("Action")))
