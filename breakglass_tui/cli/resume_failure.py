"""A command on an unfinished run that ended before it did anything."""

from __future__ import annotations

from breakglass_tui.cli.event_consumer import CommandContext
from breakglass_tui.cli.execution import conclude
from breakglass_tui.cli.failure_report import report_failure
from breakglass_tui.cli.next_command import next_command
from breakglass_tui.cli.stored_runs import journals
from breakglass_tui.cli.streams import people
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord


def resume_failed(command: CommandContext, record: RunRecord, problem: Problem) -> int:
    """Tell why an unfinished run was not gone on with, and how to; what stood in AWS before still stands."""
    code = report_failure(problem, as_json=command.as_json)
    if problem.kind is not Kind.BUSY:
        people(*next_command(command.options, record))
    return ExitCode.INCOMPLETE if code == ExitCode.UNDONE and record.may_exist else code


def unchanged(command: CommandContext, record: RunRecord) -> int:
    """Say that nothing was changed, and how to go on; returns the exit code."""
    people("Nothing was changed.")
    code = conclude(record, None, ExitCode.INCOMPLETE, as_json=command.as_json, store=journals(command.options))
    people(*next_command(command.options, record))
    return code
