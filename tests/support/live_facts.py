"""Counts the facts in the document of the script for a live account."""

from __future__ import annotations

from typing import Any


def facts_with(document: dict[str, Any], *statuses: str) -> dict[str, int]:
    """Return the number of facts of each experiment with one of the statuses."""
    names = [fact["experiment"] for fact in document["facts"] if fact["status"] in statuses]
    return {name: names.count(name) for name in names}
