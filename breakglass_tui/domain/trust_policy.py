"""The trust policy of a role, and the statement that lets the emergency user assume the role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.request import SetupRequest

Trust = Mapping[str, Any]
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
"""The condition of a trust statement that requires MFA."""
_ASSUMES = frozenset({"sts:assumerole", "sts:*", "*"})


def statements_of(trust: Trust) -> list[Any]:
    """Return the statements of ``trust`` as a list. IAM also accepts one statement that is not in a list."""
    return _list(trust.get("Statement"))


def with_user(trust: Trust, sid: str, user_arn: str, *, mfa: bool = False) -> dict[str, Any]:
    """Return ``trust`` and a new statement that lets ``user_arn`` assume the role.

    With ``mfa``, the statement requires MFA.
    """
    own: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "sts:AssumeRole"}
    if mfa:
        own["Condition"] = MFA
    # No Version means 2008-10-17. Another Version changes the meaning of ${...} in the other statements.
    rest = dict(trust) or {"Version": "2012-10-17"}
    return {**rest, "Statement": [*statements_of(trust), own]}


def requires_mfa(request: SetupRequest, trust: Trust) -> bool:
    """Return whether the statement that the run adds to ``trust`` must require MFA.

    It must if the request requires MFA. It also must if all other statements require MFA, so that the new one does not
    bypass them. This does not apply to a user without an MFA device, who could never meet the condition.
    """
    return request.require_mfa or (request.mfa != "none" and all_require_mfa(trust))


def all_require_mfa(trust: Trust) -> bool:
    """Return whether every statement that lets AWS principals assume the role requires MFA. False if there is none."""
    statements = [one for one in statements_of(trust) if isinstance(one, Mapping) and _allows_assume_role(one)]
    return bool(statements) and all(_requires_mfa(one) for one in statements)


def _allows_assume_role(statement: Trust) -> bool:
    """Return whether ``statement`` allows sts:AssumeRole to users, roles or accounts.

    Services do not count: they have no MFA.
    """
    principal = statement.get("Principal")
    named = "AWS" in principal if isinstance(principal, Mapping) else principal is not None
    assumes = any(str(action).lower() in _ASSUMES for action in _list(statement.get("Action")))
    return statement.get("Effect") == "Allow" and named and assumes


def _requires_mfa(statement: Trust) -> bool:
    """Return whether ``statement`` requires MFA with the operator ``Bool``.

    ``BoolIfExists`` does not require it. The condition key is absent for a plain access key, which then passes. Source:
    IAM User Guide, condition operators.
    """
    condition = (statement.get("Condition") or {}).get("Bool") or {}
    values = [value for key, value in condition.items() if key.lower() == "aws:multifactorauthpresent"]
    return bool(values) and all(str(one).lower() == "true" for value in values for one in _list(value))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
