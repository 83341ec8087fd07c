"""Checks that the packages of the simulated account are installed. They are the extra ``demo``."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from breakglass_tui.cli.command_words import shell_line
from breakglass_tui.cli.problem_report import usage

PACKAGES = ("moto", "werkzeug")
EXTRA = "breakglass-tui[demo]"


def require_demo_extra() -> None:
    """Raise ``Problem`` with the command that installs the simulated account, if it is not installed."""
    if all(find_spec(name) for name in PACKAGES):
        return

    raise usage(
        "The simulated account is not installed.",
        why=f"It needs the Python packages {' and '.join(PACKAGES)}, which are the extra {EXTRA}.",
        next="Install it with",
        command=shell_line([*_pip(), "install", EXTRA]),
    )


def _pip() -> list[str]:
    """Return the command of pip for this Python. A Python without pip needs the pip of another one."""
    return [sys.executable, "-m", "pip"] if find_spec("pip") else ["pip", "--python", sys.executable]
