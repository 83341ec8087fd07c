"""Dates, times and ages as text, and the limits in days that the checks use."""

from __future__ import annotations

from datetime import UTC, datetime

DRILL_DAYS = 45
"""The maximum number of days between drills. It meets the CIS control on credentials that are unused for 45 days."""
OLDEST_KEY_DAYS = 90
"""The age in days at which CIS and Security Hub require a new access key."""


def date_text(moment: datetime) -> str:
    """Return the date in the form ``2026-11-29``."""
    return f"{moment:%Y-%m-%d}"


def minute_text(moment: datetime) -> str:
    """Return the date and time in UTC, in the form ``2026-11-29 17:36 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def age_days(moment: datetime, now: datetime) -> int:
    """Return the number of whole days from ``moment`` to ``now``."""
    return (now - moment).days


def days_ago(days: int) -> str:
    """Return ``today``, ``1 day ago``, ``2 days ago`` and so on."""
    return "today" if days <= 0 else "1 day ago" if days == 1 else f"{days} days ago"
