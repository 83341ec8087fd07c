"""What a set of policies says about one action: explicit deny before allow before nothing."""

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
    """The three answers, in the words of the IAM policy simulator."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True)
class PolicySource:
    """A policy document and where it stands; ``kind`` in the words of the simulator's PolicySourceType."""

    name: str
    kind: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class EvaluationResult:
    """The decision and the policies whose statements brought it about."""

    decision: Decision
    matched: tuple[PolicySource, ...] = ()


def decide(sources: Iterable[PolicySource], action: str, resource: str, context: Mapping[str, str]) -> EvaluationResult:
    """Evaluate identity policies (IAM User Guide, "Policy evaluation logic", within one account)."""
    denying: list[PolicySource] = []
    allowing: list[PolicySource] = []
    for source in sources:
        for statement in as_list(source.document.get("Statement")):
            if _concerns(statement, action, resource, context) and conditions_hold(statement, context):
                (denying if statement["Effect"] == "Deny" else allowing).append(source)
    if denying:
        return EvaluationResult(Decision.EXPLICIT_DENY, tuple(denying))
    return EvaluationResult(Decision.ALLOWED, tuple(allowing)) if allowing else EvaluationResult(Decision.IMPLICIT_DENY)


def matches(pattern: str, value: str) -> bool:
    """IAM's ``*`` and ``?``; square brackets mean themselves."""
    return _compiled(pattern).match(value) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # AWS's own policies name thousands of actions: fnmatch forgets most of them and compiles each anew every time.
    return re.compile(translate(pattern.replace("[", "[[]")))


def as_list(value: Any) -> list[Any]:
    """IAM writes one of a thing without the list."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _concerns(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    def named(key: str) -> bool:
        return any(matches(str(item).lower(), action.lower()) for item in as_list(statement.get(key)))

    def meant(key: str) -> bool:
        patterns = (str(item).replace("${aws:username}", context.get("aws:username", "")) for item in statement_of(key))
        return any(matches(pattern, resource) for pattern in patterns)

    def statement_of(key: str) -> list[Any]:
        return as_list(statement.get(key))

    concerns_action = named("Action") if "Action" in statement else not named("NotAction")
    concerns_resource = meant("Resource") if "Resource" in statement else not meant("NotResource")
    return concerns_action and concerns_resource
