"""The statements and principals of a role's trust policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from breakglass_tui.domain.policy_statements import statements, values

ASSUME = "sts:assumerole"
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")


def statements_allowing(trust: Mapping[str, Any], principal: str) -> list[Mapping[str, Any]]:
    """Return the statements that allow sts:AssumeRole and name exactly ``principal``."""
    return [
        statement
        for statement in statements(trust)
        if statement.get("Effect") == "Allow" and _allows_assume(statement) and principal in principals(statement)
    ]


def statements_denying(trust: Mapping[str, Any], user_arn: str) -> list[Mapping[str, Any]]:
    """Return the statements that deny the user sts:AssumeRole: by its ARN, by its account, or for everyone.

    A Deny that names an account applies to all of its users, unlike an Allow (IAM User Guide, Principal element).
    """
    account = user_arn.split(":")[4]
    covering = {user_arn, "*", account, f"{user_arn.split(':user', 1)[0]}:root"}
    return [
        statement
        for statement in statements(trust)
        if statement.get("Effect") == "Deny" and _denies_assume(statement) and _applies_to(statement, covering)
    ]


def stale_ids(trust: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the unique ids of deleted users and roles. IAM shows them in place of their ARNs.

    Source: IAM User Guide, Principal element.
    """
    named = (principal for statement in statements(trust) for principal in principals(statement))
    return tuple(dict.fromkeys(principal for principal in named if _UNIQUE_ID.fullmatch(principal)))


def only_mfa(trust: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the conditions in ``trust``, a list of statements, require MFA and nothing else.

    The result is True too for statements without conditions.
    """
    operators = (block for statement in trust for block in (statement.get("Condition") or {}).values())
    keys = {key.lower() for block in operators for key in block}
    return keys <= {"aws:multifactorauthpresent", "aws:multifactorauthage"}


def principals(statement: Mapping[str, Any]) -> list[str]:
    """Return the AWS principals that a statement names, as strings."""
    principal = statement.get("Principal")
    return values(principal.get("AWS")) if isinstance(principal, Mapping) else values(principal)


def _applies_to(statement: Mapping[str, Any], covering: set[str]) -> bool:
    """Return whether the statement applies to one of the principals in ``covering``.

    NotPrincipal applies to all principals that it does not name.
    """
    if "NotPrincipal" in statement:
        return covering.isdisjoint(principals({"Principal": statement["NotPrincipal"]}))
    return not covering.isdisjoint(principals(statement))


def _denies_assume(statement: Mapping[str, Any]) -> bool:
    """Return whether the actions of the statement include sts:AssumeRole. ``*`` and ``?`` are wildcards."""
    if "NotAction" in statement:
        return not _matches(values(statement["NotAction"]))
    return _matches(values(statement.get("Action")))


def _matches(patterns: list[str]) -> bool:
    return any(fnmatchcase(ASSUME, pattern.lower()) for pattern in patterns)


def _allows_assume(statement: Mapping[str, Any]) -> bool:
    return any(action.lower() in (ASSUME, "sts:*", "*") for action in values(statement.get("Action")))
