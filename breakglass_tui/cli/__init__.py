"""The command line: arguments, exit codes, and who is given what."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """The program ``breakglass-tui``; ends the process with a published exit code."""
    # What is imported at the start is no garbage: looking for some took a tenth of the time to the first paint.
    # The connector turns the collector on again.
    gc.disable()
    from breakglass_tui.cli.program import run_and_exit

    run_and_exit()
