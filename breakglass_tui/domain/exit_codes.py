"""The published exit codes, and the functions that choose one for a run or a problem."""

from __future__ import annotations

from enum import IntEnum

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord


class ExitCode(IntEnum):
    """The exit status of the process."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    CHECK_FAILED = 3
    CREDENTIALS = 4
    UNDONE = 5
    INCOMPLETE = 6
    ALREADY_RUNNING = 7
    INTERRUPTED = 130


def exit_of(record: RunRecord) -> ExitCode:
    """Return the exit code for a run and for its validation, if there was one."""
    if record.problem is not None and record.problem.kind is Kind.BUSY:
        return ExitCode.ALREADY_RUNNING
    if record.status in (RunStatus.INCOMPLETE, RunStatus.RUNNING):
        return ExitCode.INCOMPLETE
    if record.status is RunStatus.UNDONE:
        return ExitCode.INTERRUPTED if record.stopped and record.problem is None else ExitCode.UNDONE
    failed = any(result.status is CheckStatus.FAIL for result in record.checks.values())
    return ExitCode.CHECK_FAILED if failed else ExitCode.DONE


def exit_of_problem(problem: Problem) -> ExitCode:
    """Return the exit code of a problem that prevented a run from starting."""
    match problem.kind:
        case Kind.USAGE | Kind.LOCAL:
            return ExitCode.USAGE
        case Kind.BUSY:
            return ExitCode.ALREADY_RUNNING
        case Kind.CREDENTIALS:
            return ExitCode.CREDENTIALS
        case Kind.REFUSED | Kind.UNREACHABLE | Kind.MISSING:
            return ExitCode.UNDONE
        case Kind.UNEXPECTED:
            return ExitCode.UNEXPECTED
