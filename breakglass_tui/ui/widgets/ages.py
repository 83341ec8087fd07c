"""The age of something as text, such as "2 hours ago"."""

from __future__ import annotations

from datetime import datetime

AGES = ((86400, "day"), (3600, "hour"), (60, "minute"))


def ago(then: datetime, now: datetime) -> str:
    """Return the time from ``then`` to ``now`` in full days, hours or minutes, such as "2 hours ago".

    Under a minute, and for a ``then`` in the future, it is "just now".
    """
    seconds = max((now - then).total_seconds(), 0)
    for length, name in AGES:
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"
