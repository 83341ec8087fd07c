"""The evaluation of the Condition element of a policy statement."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from breakglass_tui.demo.overlay.dates import DATE_TESTS, parse_date


def _like(value: str, pattern: str) -> bool:
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def _number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    return lambda value, expected: compare(float(value), float(expected))


def _date(compare: Callable[[datetime, datetime], bool]) -> Callable[[str, str], bool]:
    return lambda value, expected: compare(parse_date(value), parse_date(expected))


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda value, expected: value.lower() == expected.lower(),
    **{name: _date(compare) for name, compare in DATE_TESTS.items()},
    "NumericEquals": _number(operator.eq),
    "NumericGreaterThan": _number(operator.gt),
    "NumericGreaterThanEquals": _number(operator.ge),
    "NumericLessThan": _number(operator.lt),
    "NumericLessThanEquals": _number(operator.le),
    "StringEquals": operator.eq,
    "StringEqualsIgnoreCase": lambda value, expected: value.lower() == expected.lower(),
    "StringLike": _like,
}
_NEGATED = {
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "DateNotEquals": "DateEquals",
    "NumericNotEquals": "NumericEquals",
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
}


def conditions_hold(statement: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Return whether the request's ``context`` (values by condition key) meets every condition of ``statement``.

    An absent key meets only negated operators and ``IfExists`` (IAM User Guide, condition operators). So a deny with
    ``DateLessThan aws:TokenIssueTime`` never affects a long-term access key, whose requests do not have that key. A
    condition with an unknown operator or an unreadable value is met for Deny, and not met for Allow.
    """
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(test, known.get(key.lower()), [str(item) for item in _as_list(expected)], statement)
        for test, keys in statement.get("Condition", {}).items()
        for key, expected in keys.items()
    )


def context_keys(statement: Mapping[str, Any]) -> set[str]:
    """Return the condition keys that a statement uses."""
    return {key for keys in statement.get("Condition", {}).values() for key in keys}


def _holds(test: str, value: str | None, expected: list[str], statement: Mapping[str, Any]) -> bool:
    name = test.removesuffix("IfExists")
    expected = [str(item).lower() if item in ("True", "False") else item for item in expected]
    if name == "Null":
        return str(value is None).lower() in expected
    negated = name in _NEGATED
    compare = _TESTS.get(_NEGATED.get(name, name))
    if compare is None:
        return bool(statement["Effect"] == "Deny")
    if value is None:
        return negated or test.endswith("IfExists")
    try:
        return any(compare(value, item) for item in expected) != negated
    except ValueError:
        return bool(statement["Effect"] == "Deny")


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
