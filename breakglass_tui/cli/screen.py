"""Whether this process has a screen to draw on."""

from __future__ import annotations

import os
import sys


def has_screen() -> bool:
    """Whether a full-screen app can be drawn: a terminal both ways that can move its cursor."""
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"
