"""A command on an unfinished run that ended before it did anything."""

from __future__ import annotations

from breakglass_tui.cli.carry_out import conclude
from breakglass_tui.cli.exits import report_failure
from breakglass_tui.cli.journals import journals
from breakglass_tui.cli.streams import people
from breakglass_tui.cli.telling import Seat
from breakglass_tui.cli.way_on import way_on
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord


def could_not_begin(seat: Seat, record: RunRecord, problem: Problem) -> int:
    """Tell why an unfinished run was not gone on with, and how to; what stood in AWS before still stands."""
    code = report_failure(problem, as_json=seat.as_json)
    if problem.kind is not Kind.BUSY:
        people(*way_on(seat.options, record))
    return ExitCode.INCOMPLETE if code == ExitCode.UNDONE and record.begun else code


def left_as_it_was(seat: Seat, record: RunRecord) -> int:
    """Say that nothing was changed, and how to go on; returns the exit code."""
    people("Nothing was changed.")
    code = conclude(record, None, ExitCode.INCOMPLETE, as_json=seat.as_json, store=journals(seat.options))
    people(*way_on(seat.options, record))
    return code
