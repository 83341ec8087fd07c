"""Durations and ages as text, such as "21 s" or "2 hours ago"."""

from __future__ import annotations

from datetime import datetime

MINUTE_S = 60
AGES = ((86400, "day"), (3600, "hour"), (60, "minute"))


def lasted(seconds: float) -> str:
    """Return the duration of a step as text, such as ``0.4 s``, ``21 s`` or ``2:05``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{int(seconds)} s" if seconds < MINUTE_S else f"{int(seconds) // MINUTE_S}:{int(seconds) % MINUTE_S:02}"


def clocked(seconds: float) -> str:
    """Return the duration of a run as minutes and seconds, such as ``00:23``."""
    return f"{int(seconds) // MINUTE_S:02}:{int(seconds) % MINUTE_S:02}"


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
