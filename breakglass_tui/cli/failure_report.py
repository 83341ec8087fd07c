"""The failure that ends a command: what to report, and the last line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from breakglass_tui.cli import command_words
from breakglass_tui.cli.last_line import OTHER_DIRECTORY, START_AGAIN, UNUSABLE_OUTPUT, Ending, problem_ending
from breakglass_tui.cli.problem_report import Interrupted, has_command, report_problem, usage
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import BadRequest, Kind, Problem
from breakglass_tui.engine.unexpected_errors import as_problem

USAGE_ERROR = "Usage error: nothing was written."
INTERRUPTED = "Interrupted: nothing was written to AWS."


def report_failure(error: BaseException, arguments: Sequence[str], *, as_json: bool) -> Ending:
    """Report ``error`` on stderr, with ``as_json`` also on stdout, and return the ending of the command.

    ``arguments`` is the command line of this process, without the program name.
    """
    problem, ending = _classify(error, arguments)
    report_problem(problem, as_json=as_json)
    return ending


def _classify(error: BaseException, arguments: Sequence[str]) -> tuple[Problem, Ending]:
    """Return ``error`` as a ``Problem``, and the ending of the command."""
    from breakglass_tui.cli.program import cli

    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        again = command_words.typed_again(arguments)
        problem: Problem = Interrupted(
            "Interrupted.", why="Nothing was written to AWS.", next=f"{START_AGAIN}: {again}"
        )
        return problem, Ending(ExitCode.INTERRUPTED, INTERRUPTED, START_AGAIN, repeat=())
    problem = _usage_problem(error, arguments) if isinstance(error, click.ClickException) else as_problem(error)
    ending = problem_ending(problem)
    if has_command(problem):
        ending = replace(ending, lead=problem.lead, command=problem.command, repeat=problem.repeat)
    elif problem.code == UNUSABLE_OUTPUT and command_words.takes_option(arguments, cli, command_words.OUT):
        ending = replace(ending, lead=OTHER_DIRECTORY, repeat=(command_words.OUT, command_words.NEW_DIR))
    elif isinstance(problem, BadRequest):
        ending = replace(ending, lead="Correct the request, then run")
    elif problem.kind is Kind.USAGE:
        help_line = command_words.help_line(arguments, cli)
        ending = replace(ending, lead="Show the help with", command=help_line, repeat=None)
    elif problem.kind is Kind.UNEXPECTED:
        runs = command_words.with_command(arguments, cli, "runs")
        ending = replace(ending, lead="List what is left in AWS with", command=runs)
    return problem, replace(ending, how=USAGE_ERROR) if problem.kind is Kind.USAGE else ending


def _usage_problem(error: click.ClickException, arguments: Sequence[str]) -> Problem:
    """Return the problem of a command line that click rejects.

    If a global option is after the command, the problem has the command line with that option before it.
    """
    from breakglass_tui.cli.program import cli

    message = " ".join(error.format_message().split())  # click writes one choice on a line
    if isinstance(error, click.NoSuchOption) and any(error.option_name in option.opts for option in cli.params):
        command = command_words.with_global_options_first(arguments, cli)
        if command is not None:
            return usage(message, next=f"{error.option_name} goes before the command", command=command)
    return usage(message, next="Show the help with", command=command_words.help_line(arguments, cli))
