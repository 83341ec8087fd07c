"""One command line, from its arguments to an exit code, and whatever goes wrong to a line that helps.

The app as most open it opens without click, which would take a quarter of what its first paint takes beyond Textual's.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

COMPLETION = "_BREAKGLASS_TUI_COMPLETE"
"""The variable by which a shell asks for the words that fit, in the middle of a line."""


def run_and_exit() -> NoReturn:
    """Carry out this process's own command line, and end it."""
    from breakglass_tui.cli.streams import open_all

    open_all()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Carry out one command line and return its exit code; no exception gets past this."""
    try:
        if arguments in ([], ["--demo"]) and COMPLETION not in os.environ:
            return _opened(demo=bool(arguments))
        from breakglass_tui.cli.program import command_line

        return command_line(arguments)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - the last line of defence
        from breakglass_tui.cli.failure_report import report_failure

        return report_failure(error, as_json="--json" in arguments)


def _opened(*, demo: bool) -> int:
    from breakglass_tui.cli.default_command import open_app
    from breakglass_tui.cli.options import Options
    from breakglass_tui.cli.preferences_files import settled

    return open_app(settled(Options(demo=demo), os.environ))
