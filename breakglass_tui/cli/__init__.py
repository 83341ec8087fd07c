"""The command line: arguments, configuration files, commands and exit codes."""

from __future__ import annotations

import gc
import os
import sys

from breakglass_tui.cli.fast_help import print_help

TYPE_CHECKING = False  # true for type checkers. Importing typing would double the start of Python
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the program ``breakglass-tui`` and end the process with one of the documented exit codes."""
    if print_help(sys.argv[1:]):
        _prevent_prompt(0)
        sys.exit(0)
    # Garbage collections during the imports took a tenth of the time to the first paint, and found nothing. The
    # connector enables the collector again.
    gc.disable()
    warnings = _harden_process()
    from breakglass_tui.cli.running import COMPLETION, run_and_exit
    from breakglass_tui.cli.streams import warn

    if COMPLETION not in os.environ:
        warn(*warnings)
    try:
        run_and_exit()
    except SystemExit as end:
        _prevent_prompt(end.code)
        raise


def _harden_process() -> list[str]:
    """Protect the process before other modules are imported, and return warnings about its environment variables."""
    from breakglass_tui.cli import process_memory

    process_memory.protect_memory()
    process_memory.disable_core_dumps()
    from breakglass_tui.cli import environment, exception_hooks

    os.umask(0o077)
    exception_hooks.install()
    return environment.scrub(os.environ)


def _prevent_prompt(code: object) -> None:
    """End the process here, with exit code ``code``, if Python was started with -i or PYTHONINSPECT.

    Python would otherwise open a prompt from which everything in memory can be read.
    """
    if sys.flags.inspect:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code if isinstance(code, int) else 0)
