"""What a policy would lock its user out of, judged from its text alone, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

MFA_PRESENT = "aws:multifactorauthpresent"


class DeniedAction(StrEnum):
    """Whether a document denies something: ``maybe`` hangs on a condition that cannot be judged here."""

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


def denied(document: Mapping[str, Any], action: str, resource: str, *, mfa: bool | None) -> DeniedAction:
    """Whether ``document`` denies ``action``; ``mfa`` is None for a plain access key, which has no MFA context.

    Only the condition on aws:MultiFactorAuthPresent is judged: Bool does not match where the key is absent,
    BoolIfExists does (IAM User Guide, condition operators).
    """
    found = {_statement(held, action, resource, mfa) for held in _list(document.get("Statement"))}
    return (
        DeniedAction.YES
        if DeniedAction.YES in found
        else DeniedAction.MAYBE
        if DeniedAction.MAYBE in found
        else DeniedAction.NO
    )


def _statement(statement: Mapping[str, Any], action: str, resource: str, mfa: bool | None) -> DeniedAction:
    if statement.get("Effect") != "Deny" or not _about(statement, "Action", action.lower()):
        return DeniedAction.NO
    if not _about(statement, "Resource", resource.lower()):
        return DeniedAction.NO
    judged = [
        _condition(operator, key.lower(), value, mfa)
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    ]
    if DeniedAction.NO in judged:
        return DeniedAction.NO
    return DeniedAction.MAYBE if DeniedAction.MAYBE in judged else DeniedAction.YES


def _about(statement: Mapping[str, Any], element: str, text: str) -> bool:
    """Whether ``Action`` or ``NotAction`` (``Resource`` or ``NotResource``) takes ``text`` in."""
    if f"Not{element}" in statement:
        return not _any(statement[f"Not{element}"], text)
    return element not in statement or _any(statement[element], text)


def _any(patterns: Any, text: str) -> bool:
    return any(fnmatchcase(text, str(pattern).lower().replace("[", "[[]")) for pattern in _list(patterns))


def _condition(operator: str, key: str, value: Any, mfa: bool | None) -> DeniedAction:
    if key != MFA_PRESENT or operator not in ("Bool", "BoolIfExists"):
        return DeniedAction.MAYBE
    if mfa is None:
        return DeniedAction.YES if operator == "BoolIfExists" else DeniedAction.NO
    return DeniedAction.YES if str(mfa).lower() in {str(one).lower() for one in _list(value)} else DeniedAction.NO


def _list(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)
