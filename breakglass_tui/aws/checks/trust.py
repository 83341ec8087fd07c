"""Who a role's trust policy lets in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from breakglass_tui.aws.checks.policy_diff import statements, values

ASSUME = "sts:assumerole"
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{12,}")


def naming(trust: Mapping[str, Any], effect: str, principal: str) -> list[Mapping[str, Any]]:
    """The statements of ``effect`` on sts:AssumeRole that name ``principal`` itself."""
    return [
        statement
        for statement in statements(trust)
        if statement.get("Effect") == effect and _assumes(statement) and principal in principals(statement)
    ]


def stale_ids(trust: Mapping[str, Any]) -> tuple[str, ...]:
    """The unique ids that stand where users and roles stood before they were deleted (IAM User Guide, Principal)."""
    named = (principal for statement in statements(trust) for principal in principals(statement))
    return tuple(dict.fromkeys(principal for principal in named if _UNIQUE_ID.fullmatch(principal)))


def principals(statement: Mapping[str, Any]) -> list[str]:
    """The AWS principals a statement names."""
    principal = statement.get("Principal")
    return values(principal.get("AWS")) if isinstance(principal, Mapping) else values(principal)


def _assumes(statement: Mapping[str, Any]) -> bool:
    return any(action.lower() in (ASSUME, "sts:*", "*") for action in values(statement.get("Action")))
