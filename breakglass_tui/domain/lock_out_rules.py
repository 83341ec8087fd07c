"""Whether a policy document would lock its user out. Only the text is evaluated, without a call to AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

MFA_PRESENT = "aws:multifactorauthpresent"
VIA_SERVICE = "aws:viaawsservice"


class DeniedAction(StrEnum):
    """Whether a document denies an action.

    MAYBE means that this depends on a condition that cannot be evaluated here.
    """

    NO = "no"
    MAYBE = "maybe"
    YES = "yes"


def denied(document: Mapping[str, Any], action: str, resource: str, *, mfa: bool | None) -> DeniedAction:
    """Return whether ``document`` denies ``action`` on ``resource``.

    ``mfa`` is the value of aws:MultiFactorAuthPresent. It is None for a call with a plain access key, which has no such
    context key. aws:ViaAWSService counts as false, because the user makes the call itself. Any other condition leads to
    MAYBE. If a context key is absent, Bool does not match, but BoolIfExists does. Sources: IAM User Guide, condition
    operators and global condition context keys.
    """
    found = {_statement(statement, action, resource, mfa) for statement in _list(document.get("Statement"))}
    return (
        DeniedAction.YES
        if DeniedAction.YES in found
        else DeniedAction.MAYBE
        if DeniedAction.MAYBE in found
        else DeniedAction.NO
    )


def _statement(statement: Mapping[str, Any], action: str, resource: str, mfa: bool | None) -> DeniedAction:
    if statement.get("Effect") != "Deny" or not _covers(statement, "Action", action.lower()):
        return DeniedAction.NO
    if not _covers(statement, "Resource", resource.lower()):
        return DeniedAction.NO
    conditions = [
        _condition(operator, key.lower(), value, mfa)
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    ]
    if DeniedAction.NO in conditions:
        return DeniedAction.NO
    return DeniedAction.MAYBE if DeniedAction.MAYBE in conditions else DeniedAction.YES


def _covers(statement: Mapping[str, Any], element: str, text: str) -> bool:
    """Return whether the statement applies to ``text``. ``element`` is ``Action`` or ``Resource``.

    The statement may use ``NotAction`` or ``NotResource`` instead.
    """
    if f"Not{element}" in statement:
        return not _any(statement[f"Not{element}"], text)
    return element not in statement or _any(statement[element], text)


def _any(patterns: Any, text: str) -> bool:
    return any(fnmatchcase(text, str(pattern).lower().replace("[", "[[]")) for pattern in _list(patterns))


def _condition(operator: str, key: str, value: Any, mfa: bool | None) -> DeniedAction:
    if key not in (MFA_PRESENT, VIA_SERVICE) or operator not in ("Bool", "BoolIfExists"):
        return DeniedAction.MAYBE
    present = mfa if key == MFA_PRESENT else False
    if present is None:
        return DeniedAction.YES if operator == "BoolIfExists" else DeniedAction.NO
    return DeniedAction.YES if str(present).lower() in {str(one).lower() for one in _list(value)} else DeniedAction.NO


def _list(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else (value,)
