"""Ages in words."""

from __future__ import annotations

from datetime import datetime

AGES = ((86400, "day"), (3600, "hour"), (60, "minute"))


def ago(then: datetime, now: datetime) -> str:
    """Return the time between ``then`` and ``now`` in the largest full unit, such as "2 hours ago"."""
    seconds = max((now - then).total_seconds(), 0)
    for length, name in AGES:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"
