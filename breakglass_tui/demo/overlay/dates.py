"""Dates in policy conditions and in the context of requests."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime

DATE_TESTS: dict[str, Callable[[datetime, datetime], bool]] = {
    "DateEquals": operator.eq,
    "DateGreaterThan": operator.gt,
    "DateGreaterThanEquals": operator.ge,
    "DateLessThan": operator.lt,
    "DateLessThanEquals": operator.le,
}
"""The date operators that are not negated (IAM User Guide, condition operators, "Date condition operators")."""


def parse_date(text: str) -> datetime:
    """Return a date in a condition, to the second: ISO 8601, or seconds since the epoch. Raises ``ValueError``.

    IAM accepts both forms (IAM User Guide, "Date condition operators"). A date without a time zone is in UTC.
    """
    if text.isascii() and text.isdigit() and len(text) > len("2026"):
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).replace(microsecond=0)


def iso_date(moment: datetime) -> str:
    """Return ``moment`` in UTC as ``2026-11-29T17:36:00Z``, the form of aws:CurrentTime and aws:TokenIssueTime."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
