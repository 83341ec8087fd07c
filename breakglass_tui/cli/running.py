"""Runs one command line, from its arguments to its last line on stderr and its exit code."""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

from breakglass_tui.cli.streams import open_missing, to_stderr

COMPLETION = "_BREAKGLASS_TUI_COMPLETE"
"""The environment variable that a shell sets to ask for completions."""


def run_and_exit() -> NoReturn:
    """Run the command line of this process and exit."""
    open_missing()
    code = run(sys.argv[1:])
    # Python collects garbage when it ends. With all modules loaded, this took 0.2 s or more, and freed nothing that the
    # end of the process does not free.
    gc.freeze()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line, write its last line to stderr, and return its exit code. Raises no exception."""
    try:
        # An interrupt or an error during the imports ends like one during the command.
        from breakglass_tui.cli.program import command_line

        ending = command_line(arguments)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - every failure ends in a report and an exit code
        from breakglass_tui.cli.failure_report import report_failure

        ending = report_failure(error, arguments, as_json="--json" in arguments)
    to_stderr(*ending.lines(arguments))
    return ending.code
