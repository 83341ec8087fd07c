"""The endings of ``resume`` and ``undo`` if they end before they change anything in AWS."""

from __future__ import annotations

from dataclasses import replace

from breakglass_tui.cli.event_consumer import CommandContext
from breakglass_tui.cli.execution import write_results
from breakglass_tui.cli.last_line import START_AGAIN, Ending, problem_ending
from breakglass_tui.cli.next_command import next_command, removal_line
from breakglass_tui.cli.problem_report import UsageProblem, report_problem
from breakglass_tui.cli.stored_runs import run_store
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord


def not_started(context: CommandContext, record: RunRecord, problem: Problem, *, repeat: bool = False) -> Ending:
    """Report ``problem``, because of which the run was not resumed or undone, and return the ending.

    With ``repeat``, the command to run next is the command line of this process.
    """
    report_problem(problem, as_json=context.as_json)
    if isinstance(problem, UsageProblem):
        return Ending(ExitCode.USAGE, "Usage error: nothing was changed.", problem.lead, problem.command)
    ending = problem_ending(problem, changed="nothing was changed")
    if ending.code == ExitCode.UNDONE and record.may_exist:
        ending = replace(ending, code=ExitCode.INCOMPLETE)
    if problem.kind is Kind.BUSY:
        return ending
    return _with_next(context, record, ending, repeat=repeat)


def unchanged(context: CommandContext, record: RunRecord, how: str, *, repeat: bool = False) -> Ending:
    """Print the result of a run that was neither resumed nor undone, and return the ending.

    ``how`` is the reason in one word. With ``repeat``, the command to run next is the command line of this process.
    """
    store = run_store(context.options)
    write_results(record, None, as_json=context.as_json, store=store, ended=how.upper())
    ending = Ending(ExitCode.INCOMPLETE, f"{how}: nothing was changed.", START_AGAIN, repeat=())
    return _with_next(context, record, ending, repeat=repeat)


def _with_next(context: CommandContext, record: RunRecord, ending: Ending, *, repeat: bool) -> Ending:
    """Return ``ending`` with the command that continues the run. With ``repeat`` it keeps the command that it has."""
    command = next_command(context.options, record)
    if command is None:
        return ending
    if repeat:
        other = f"To finish the run instead: {command.command}"
        return replace(ending, before=() if record.undoing else (other,))
    return replace(
        ending, lead=command.lead, command=command.command, repeat=None, before=removal_line(context.options, record)
    )
