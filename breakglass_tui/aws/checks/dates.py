"""Dates, times and ages as text, and the limits that checks compare ages with."""

from __future__ import annotations

from datetime import UTC, datetime

DRILL_DAYS = 45
"""Maximum days between drills. A drill in this interval meets the CIS control on credentials unused for 45 days."""
OLDEST_KEY_DAYS = 90
"""Age in days at which CIS and Security Hub require a new access key."""


def date_text(moment: datetime) -> str:
    """Return the date as ``2026-11-29``."""
    return f"{moment:%Y-%m-%d}"


def minute_text(moment: datetime) -> str:
    """Return the date and time in UTC, to the minute, as ``2026-11-29 17:36 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def age_days(moment: datetime, now: datetime) -> int:
    """Return the whole days from ``moment`` to ``now``."""
    return (now - moment).days


def days_ago(days: int) -> str:
    """Return ``today``, ``1 day ago`` or ``2 days ago``."""
    return "today" if days <= 0 else "1 day ago" if days == 1 else f"{days} days ago"
