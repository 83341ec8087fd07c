"""In what two policy documents differ, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.policy import same
from breakglass_tui.domain.text import show


def difference(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """The statements that are missing and those that should not be there, and the version if it differs."""
    have, want = statements(found), statements(expected)
    missing = [statement for statement in want if not _among(statement, have)]
    surplus = [statement for statement in have if not _among(statement, want)]
    parts = [f"missing: {'; '.join(map(describe, missing))}"] if missing else []
    parts += [f"not expected: {'; '.join(map(describe, surplus))}"] if surplus else []
    if found.get("Version") != expected.get("Version"):
        parts.append(f"Version is {show(str(found.get('Version')))}, not {show(str(expected.get('Version')))}")
    return ", ".join(parts) or "a statement is there more than once"


def statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a document; IAM takes one alone as well as a list."""
    held = document.get("Statement", [])
    return [held] if isinstance(held, Mapping) else [item for item in held if isinstance(item, Mapping)]


def describe(statement: Mapping[str, Any]) -> str:
    """One statement as ``Allow * on *``."""
    actions = _words(statement, "Action", "all but ")
    resources = _words(statement, "Resource", "all but ")
    condition = " under a condition" if statement.get("Condition") else ""
    return f"{show(str(statement.get('Effect', '?')))} {actions} on {resources}{condition}"


def values(held: Any) -> list[str]:
    """A value or a list of values of a policy element as a list of texts."""
    if held is None:
        return []
    return [str(item) for item in held] if isinstance(held, (list, tuple)) else [str(held)]


def _words(statement: Mapping[str, Any], key: str, negation: str) -> str:
    if f"Not{key}" in statement:
        return negation + show(", ".join(values(statement[f"Not{key}"])), 120)
    return show(", ".join(values(statement.get(key))), 120) or "nothing"


def _among(statement: Mapping[str, Any], others: list[Mapping[str, Any]]) -> bool:
    return any(same({"Statement": [statement]}, {"Statement": [other]}) for other in others)
