"""The ending of a session of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breakglass_tui.cli.last_line import AFTER_THE_FIX, START_AGAIN, Ending
from breakglass_tui.cli.next_command import next_command

if TYPE_CHECKING:
    from breakglass_tui.cli.options import Options
    from breakglass_tui.domain.record import RunRecord

SIGNALLED = 128
"""Exit codes above this one are 128 plus the number of a signal (bash(1), EXIT STATUS)."""


def app_ending(options: Options, code: int, unfinished: RunRecord | None = None) -> Ending:
    """Return the ending of an app session in which no run started. ``unfinished`` is an earlier run that is still open.

    There is no last line if the operator just left the app.
    """
    from breakglass_tui.domain.exit_codes import ExitCode

    command = None if unfinished is None else next_command(options, unfinished)
    if command is not None:
        return Ending(code, "A run is unfinished, resources kept.", *command)
    if code == ExitCode.DONE:
        return Ending(code)
    if code == ExitCode.CREDENTIALS:
        return Ending(code, "No usable credentials: nothing was written to AWS.", AFTER_THE_FIX, repeat=())
    if code > SIGNALLED:
        return Ending(code, "Ended by a signal.", START_AGAIN, repeat=())
    return Ending(code, "Unexpected error.", "List what is left in AWS with", options.command("runs"))
