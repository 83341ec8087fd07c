"""The statements of a policy document, and one line of text for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.text import show


def statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statements of a policy document. IAM also accepts a single statement in place of a list."""
    found = document.get("Statement", [])
    return [found] if isinstance(found, Mapping) else [item for item in found if isinstance(item, Mapping)]


def describe(statement: Mapping[str, Any]) -> str:
    """Return a summary of one statement, for example ``Allow * on *``."""
    actions = _words(statement, "Action", "all but ")
    resources = _words(statement, "Resource", "all but ")
    condition = " with a condition" if statement.get("Condition") else ""
    return f"{show(str(statement.get('Effect', '?')))} {actions} on {resources}{condition}"


def values(element: Any) -> list[str]:
    """Return the values of a policy element as strings. The element can be a single value, a list, or None."""
    if element is None:
        return []
    return [str(item) for item in element] if isinstance(element, (list, tuple)) else [str(element)]


def _words(statement: Mapping[str, Any], key: str, negation: str) -> str:
    if f"Not{key}" in statement:
        return negation + show(", ".join(values(statement[f"Not{key}"])), 120)
    return show(", ".join(values(statement.get(key))), 120) or "nothing"
