"""The command line: arguments, exit codes, and who is given what."""

from __future__ import annotations

from breakglass_tui.cli.program import main

__all__ = ["main"]
