"""An evaluation of resource-based policies: whether a policy lets an AWS service call an action.

A condition on a key whose value only AWS knows makes the answer UNKNOWN. Source: IAM User Guide, policy evaluation
logic and condition operators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

ABSENT = frozenset({"aws:sourceowner", "aws:principalorgid", "aws:principalaccount"})
"""Condition keys that are absent from the request of an AWS service.

Sources: IAM User Guide, global condition context keys. For aws:SourceOwner: re:Post,
"sns-not-getting-eventbridge-notification", since the default policy of a topic does not let EventBridge publish.
"""


class Answer(Enum):
    """Whether a policy lets the service act.

    UNKNOWN means that it depends on a condition that cannot be evaluated here.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def lets_service(
    policy: Mapping[str, Any], service: str, action: str, resource: str, context: Mapping[str, str]
) -> Answer:
    """Return whether ``policy`` lets ``service`` call ``action`` on ``resource``.

    ``action`` can have capital letters. ``context`` maps the condition keys of the request, in lower case, to their
    values.
    """
    found: dict[str, list[Answer]] = {"Allow": [], "Deny": []}
    for statement in _list(policy.get("Statement")):
        if _names(statement, service) and _covers(statement, action, resource):
            found.setdefault(str(statement.get("Effect")), []).append(_conditions(statement, service, context))
    allows, denies = found["Allow"], found["Deny"]
    if Answer.YES in denies or not {Answer.YES, Answer.UNKNOWN} & set(allows):
        return Answer.NO
    return Answer.YES if Answer.YES in allows and Answer.UNKNOWN not in denies else Answer.UNKNOWN


def _names(statement: Mapping[str, Any], service: str) -> bool:
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping):
        return principal == "*" or ("NotPrincipal" in statement and statement.get("Effect") == "Deny")
    return "*" in _list(principal.get("AWS")) or service in _list(principal.get("Service"))


def _covers(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    return _selects(statement, "Action", action.lower(), str.lower) and _selects(statement, "Resource", resource, str)


def _selects(statement: Mapping[str, Any], element: str, value: str, fold: Callable[[str], str]) -> bool:
    """Return whether a statement's ``element`` matches ``value``. The element is Action or Resource, or its negation.

    A statement without the element matches every value. ``fold`` prepares a pattern for the comparison.
    """
    if f"Not{element}" in statement:
        return not any(_like(value, fold(str(item))) for item in _list(statement[f"Not{element}"]))
    return any(_like(value, fold(str(item))) for item in _list(statement.get(element, "*")))


def _conditions(statement: Mapping[str, Any], service: str, context: Mapping[str, str]) -> Answer:
    """Return whether all conditions of a statement are met. A statement with ``NotPrincipal`` is UNKNOWN."""
    if "NotPrincipal" in statement:
        return Answer.UNKNOWN
    known = {
        "aws:securetransport": "true",
        "aws:principalisawsservice": "true",
        "aws:principalservicename": service,
        **context,
    }
    answers = {
        _condition(str(operator), str(key).lower(), list(map(str, _list(expected))), known)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, expected in keys.items()
    }
    return Answer.NO if Answer.NO in answers else Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES


def _condition(operator: str, key: str, expected: list[str], known: Mapping[str, str]) -> Answer:
    name = operator.removesuffix("IfExists")
    negated = "Not" in name
    compare = _COMPARE.get(name.replace("Not", ""))
    if compare is None or not (key in known or key in ABSENT):
        return Answer.UNKNOWN
    if key not in known:
        # A negated operator, or one that ends in IfExists, holds for a key that is absent.
        return Answer.YES if negated or operator.endswith("IfExists") else Answer.NO
    return Answer.YES if any(compare(known[key], item) for item in expected) != negated else Answer.NO


def _like(value: str, pattern: str) -> bool:
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def _same(value: str, expected: str) -> bool:
    return value.lower() == expected.lower()


_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": _same,
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": _same,
    "StringLike": _like,
}


def _list(value: Any) -> list[Any]:
    if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
        return list(value)
    return [] if value is None else [value]
