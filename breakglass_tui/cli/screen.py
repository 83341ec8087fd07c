"""Whether this process has a screen for the app."""

from __future__ import annotations

import os
import sys


def has_screen() -> bool:
    """Return whether a full-screen app can be drawn: stdin and stdout are terminals, and TERM is not dumb."""
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"
