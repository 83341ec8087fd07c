"""How long ago something was, as people say it."""

from __future__ import annotations

from datetime import datetime

AGES = ((86400, "day"), (3600, "hour"), (60, "minute"))


def ago(then: datetime, now: datetime) -> str:
    """In the largest unit that is full."""
    seconds = max((now - then).total_seconds(), 0)
    for length, name in AGES:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"
