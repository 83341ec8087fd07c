"""Dates as AWS gives them, and ages in days."""

from __future__ import annotations

from datetime import datetime

DRILL_DAYS = 45
"""The cadence of drills that keeps the CIS benchmark's check of unused credentials green."""
OLDEST_KEY_DAYS = 90
"""After so many days CIS and Security Hub ask for a new access key."""


def day(moment: datetime) -> str:
    """The date of a moment."""
    return f"{moment:%Y-%m-%d}"


def age_days(moment: datetime, now: datetime) -> int:
    """Whole days since ``moment``."""
    return (now - moment).days


def counted(days: int) -> str:
    """A number of days for people."""
    return "today" if days <= 0 else "1 day ago" if days == 1 else f"{days} days ago"
