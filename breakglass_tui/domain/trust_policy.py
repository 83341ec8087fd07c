"""A role's trust policy as a document, and the one statement that lets the user in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.request import SetupRequest

Trust = Mapping[str, Any]
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
"""What a statement asks for that lets nobody in without MFA."""
_ASSUMES = frozenset({"sts:assumerole", "sts:*", "*"})


def statements_of(trust: Trust) -> list[Any]:
    """The statements as a list; IAM lets a single one stand alone."""
    return _list(trust.get("Statement"))


def with_user(trust: Trust, sid: str, user_arn: str, *, mfa: bool = False) -> dict[str, Any]:
    """``trust`` and one statement more, that lets the user assume the role, with MFA only if ``mfa``."""
    own: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "sts:AssumeRole"}
    if mfa:
        own["Condition"] = MFA
    # None means 2008-10-17; another one would change what ${...} in the other statements means.
    rest = dict(trust) or {"Version": "2012-10-17"}
    return {**rest, "Statement": [*statements_of(trust), own]}


def requires_mfa(request: SetupRequest, trust: Trust) -> bool:
    """Whether the user's own statement shall demand MFA: it opens no way around what all the others demand.

    A user without a device could never meet that; then it is left out.
    """
    return request.require_mfa or (request.mfa != "none" and all_require_mfa(trust))


def all_require_mfa(trust: Trust) -> bool:
    """Whether every user and role that ``trust`` lets assume the role must have MFA, and there is one."""
    people = [held for held in statements_of(trust) if isinstance(held, Mapping) and _lets_in(held)]
    return bool(people) and all(_demands_mfa(held) for held in people)


def _lets_in(statement: Trust) -> bool:
    """Whether it allows sts:AssumeRole to users, roles or accounts; services have no MFA."""
    principal = statement.get("Principal")
    named = "AWS" in principal if isinstance(principal, Mapping) else principal is not None
    assumes = any(str(action).lower() in _ASSUMES for action in _list(statement.get("Action")))
    return statement.get("Effect") == "Allow" and named and assumes


def _demands_mfa(statement: Trust) -> bool:
    """BoolIfExists does not: a plain access key lacks the key, and passes (IAM User Guide, condition operators)."""
    asked = (statement.get("Condition") or {}).get("Bool") or {}
    values = [value for key, value in asked.items() if key.lower() == "aws:multifactorauthpresent"]
    return bool(values) and all(str(one).lower() == "true" for value in values for one in _list(value))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
