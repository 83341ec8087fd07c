"""Runs one command line, from its arguments to its last line on stderr and its exit code.

If there are no options, the app opens without importing click, which would delay the first paint.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from breakglass_tui.cli.last_line import Ending

COMPLETION = "_BREAKGLASS_TUI_COMPLETE"
"""The environment variable that a shell sets to ask for completions."""


def run_and_exit() -> NoReturn:
    """Run the command line of this process and exit."""
    from breakglass_tui.cli.streams import open_missing

    open_missing()
    code = run(sys.argv[1:])
    # Python collects garbage when it ends. With all modules loaded, this took 0.2 s or more, and freed nothing that the
    # end of the process does not free.
    gc.freeze()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line, write its last line to stderr, and return its exit code. Raises no exception."""
    from breakglass_tui.cli.streams import to_stderr

    try:
        ending = _ending(arguments)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - every failure ends in a report and an exit code
        from breakglass_tui.cli.failure_report import report_failure

        ending = report_failure(error, arguments, as_json="--json" in arguments)
    to_stderr(*ending.lines(arguments))
    return ending.code


def _ending(arguments: list[str]) -> Ending:
    if arguments in ([], ["--demo"]) and COMPLETION not in os.environ:
        return _open_app(demo=bool(arguments))
    from breakglass_tui.cli.program import command_line

    return command_line(arguments)


def _open_app(*, demo: bool) -> Ending:
    from breakglass_tui.cli.default_command import open_app
    from breakglass_tui.cli.demo_extra import require_demo_extra
    from breakglass_tui.cli.options import Options
    from breakglass_tui.cli.preferences_files import with_preferences

    if demo:
        require_demo_extra()
    return open_app(with_preferences(Options(demo=demo), os.environ))
