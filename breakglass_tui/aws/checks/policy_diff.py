"""The difference between two policy documents, as text on one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakglass_tui.domain.policy import same
from breakglass_tui.domain.policy_statements import describe, statements
from breakglass_tui.domain.text import show


def difference(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """Return a text with the missing statements, the unexpected statements, and the version if it differs."""
    present, wanted = statements(found), statements(expected)
    missing = [statement for statement in wanted if not _among(statement, present)]
    surplus = [statement for statement in present if not _among(statement, wanted)]
    parts = [f"missing: {'; '.join(map(describe, missing))}"] if missing else []
    parts += [f"not expected: {'; '.join(map(describe, surplus))}"] if surplus else []
    if found.get("Version") != expected.get("Version"):
        parts.append(f"Version is {show(str(found.get('Version')))}, not {show(str(expected.get('Version')))}")
    return ", ".join(parts) or "a statement occurs more than once"


def _among(statement: Mapping[str, Any], others: list[Mapping[str, Any]]) -> bool:
    return any(same({"Statement": [statement]}, {"Statement": [other]}) for other in others)
