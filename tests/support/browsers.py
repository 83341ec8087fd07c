"""The browser of this machine, if it has one that runs."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_browser():
    """Return the browser that ``CHROME`` names, the first usual one that prints its version, or None."""
    named = os.environ.get("CHROME")
    found = (shutil.which(name) for name in ([named] if named else NAMES))
    return next((path for path in found if path and runs(path)), None)


def runs(path):
    """Return whether ``program`` is a browser, and not a placeholder that explains how to install one."""
    try:
        ran = subprocess.run(
            [path, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0
