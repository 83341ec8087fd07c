"""The command line: arguments, exit codes, and who is given what."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # type checkers hold it for true, and typing takes as long to import as Python to start
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """The program ``breakglass-tui``; ends the process with a published exit code."""
    from breakglass_tui.cli.fast_help import answered

    if answered(sys.argv[1:]):
        _leave(0)
        sys.exit(0)
    # What is imported at the start is no garbage: looking for some took a tenth of the time to the first paint.
    # The connector turns the collector on again.
    gc.disable()
    said = _made_safe()
    from breakglass_tui.cli.running import COMPLETION, run_and_exit
    from breakglass_tui.cli.streams import people

    if COMPLETION not in os.environ:
        people(*(f"breakglass-tui: warning: {text}" for text in said))
    try:
        run_and_exit()
    except SystemExit as done:
        _leave(done.code)
        raise


def _made_safe() -> list[str]:
    """Before anything else is imported; returns what is to be said about it."""
    from breakglass_tui.cli import environment, exception_hooks, process_memory

    os.umask(0o077)
    process_memory.no_core()
    exception_hooks.install()
    return environment.scrub(os.environ)


def _leave(code: object) -> None:
    """Started with -i or PYTHONINSPECT, Python would go on with a prompt in front of everything that is in memory."""
    if sys.flags.inspect:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code if isinstance(code, int) else 0)
