"""The evaluation of identity policies for one action: an explicit deny overrides an allow, and the default is deny."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import translate
from typing import Any

from breakglass_tui.demo.overlay.conditions import conditions_hold


class Decision(StrEnum):
    """The three decisions, as the IAM policy simulator names them."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True)
class PolicySource:
    """A policy document with its name. ``kind`` is a PolicySourceType of the IAM policy simulator."""

    name: str
    kind: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class EvaluationResult:
    """A decision, and the policies with a statement that caused it."""

    decision: Decision
    matched: tuple[PolicySource, ...] = ()


def decide(sources: Iterable[PolicySource], action: str, resource: str, context: Mapping[str, str]) -> EvaluationResult:
    """Return the decision of the identity policies ``sources`` for ``action`` on ``resource``.

    ``context`` has the values of the condition keys. Source: IAM User Guide, "Policy evaluation logic", within one
    account.
    """
    denying: list[PolicySource] = []
    allowing: list[PolicySource] = []
    for source in sources:
        for statement in as_list(source.document.get("Statement")):
            if _applies_to(statement, action, resource, context) and conditions_hold(statement, context):
                (denying if statement["Effect"] == "Deny" else allowing).append(source)
    if denying:
        return EvaluationResult(Decision.EXPLICIT_DENY, tuple(denying))
    return EvaluationResult(Decision.ALLOWED, tuple(allowing)) if allowing else EvaluationResult(Decision.IMPLICIT_DENY)


def matches(pattern: str, value: str) -> bool:
    """Return whether ``value`` matches an IAM pattern.

    ``*`` and ``?`` are wildcards, and square brackets are literal.
    """
    return _compiled(pattern).match(value) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # The policies of AWS name thousands of actions. The cache of fnmatch is too small for them.
    return re.compile(translate(pattern.replace("[", "[[]")))


def as_list(value: Any) -> list[Any]:
    """Return ``value`` as a list. IAM writes a single item without a list, and None means no items."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _applies_to(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    def action_in(key: str) -> bool:
        return any(matches(str(item).lower(), action.lower()) for item in as_list(statement.get(key)))

    def resource_in(key: str) -> bool:
        patterns = (_resolved(str(item), context) for item in statement_of(key))
        return any(matches(pattern, resource) for pattern in patterns if pattern)

    def statement_of(key: str) -> list[Any]:
        return as_list(statement.get(key))

    action_matches = action_in("Action") if "Action" in statement else not action_in("NotAction")
    resource_matches = resource_in("Resource") if "Resource" in statement else not resource_in("NotResource")
    return action_matches and resource_matches


def _resolved(pattern: str, context: Mapping[str, str]) -> str:
    """Return ``pattern`` with the name of the user in place of ``${aws:username}``.

    If the caller has no user name, the result is "", because such a pattern matches nothing. Source: IAM User Guide,
    "Policy variables", cases in which a variable has no value.
    """
    name = context.get("aws:username", "")
    return pattern.replace("${aws:username}", name) if name or "${aws:username}" not in pattern else ""
