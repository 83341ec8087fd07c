"""The ending of a session of the app."""

from __future__ import annotations

from breakglass_tui.cli.last_line import ACCOUNT_ENDED, AFTER_THE_FIX, START_AGAIN, Ending
from breakglass_tui.cli.next_command import next_command
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.record import RunRecord

LIST_RUNS = "List what is left in AWS with"
SIGNALLED = 128
"""Exit codes above this one are 128 plus the number of a signal (bash(1), EXIT STATUS)."""


def app_ending(options: Options, code: int, unfinished: RunRecord | None = None) -> Ending:
    """Return the ending of an app session in which no run started. ``unfinished`` is an earlier run that is still open.

    There is no last line if the operator just left the app.
    """
    command = None if unfinished is None else next_command(options, unfinished)
    if command is not None:
        return Ending(code, "A run is unfinished, resources kept.", *command)
    if code == ExitCode.INCOMPLETE:
        return _left_unfinished(options, code)
    if code == ExitCode.DONE:
        return Ending(code)
    if code == ExitCode.CREDENTIALS:
        return Ending(code, "No usable credentials: nothing was written to AWS.", AFTER_THE_FIX, repeat=())
    if code > SIGNALLED:
        return Ending(code, "Ended by a signal.", START_AGAIN, repeat=())
    return Ending(code, "Unexpected error.", LIST_RUNS, options.command("runs"))


def _left_unfinished(options: Options, code: int) -> Ending:
    """Return the ending after a run that was left unfinished and that no known command continues."""
    if options.demo:
        return Ending(code, f"A run is unfinished. {ACCOUNT_ENDED}", START_AGAIN, repeat=())
    return Ending(code, "A run was left unfinished.", LIST_RUNS, options.command("runs"))
