"""How a failure that ends the program is told, to people and to programs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from breakglass_tui.cli.streams import data, people
from breakglass_tui.domain.problems import BadRequest, Kind, Problem
from breakglass_tui.domain.text import json_text
from breakglass_tui.plain.words import problem_lines

if TYPE_CHECKING:
    import click


def usage(what: str, *, why: str = "", next: str = "") -> Problem:
    """A problem with how the program was called."""
    return Problem(what, why=why, next=next, kind=Kind.USAGE)


def report_failure(error: BaseException, *, as_json: bool) -> int:
    """Tell people on stderr, and programs on stdout if they asked for JSON; returns the exit code."""
    problem, code = _judge(error)
    people(*problem_lines(problem))
    if as_json:
        with contextlib.suppress(Problem):  # stdout cannot be written to: the exit code says enough
            data(json_text(problem_document(problem)))
    return code


def problem_document(problem: Problem) -> dict[str, object]:
    """What stands on stdout instead of the result."""
    fields = problem.errors if isinstance(problem, BadRequest) else ()
    return {
        "schema_version": 1,
        "problem": {"what": problem.what, "why": problem.why, "next": problem.next, "kind": problem.kind.value},
        "errors": [{"field": error.field, "message": error.message} for error in fields],
    }


def _judge(error: BaseException) -> tuple[Problem, int]:
    import click

    from breakglass_tui.domain.exit_codes import ExitCode, exit_of_problem
    from breakglass_tui.engine.unexpected_errors import as_problem

    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        begin = "The same command begins anew."
        return Problem("Interrupted.", why="Nothing was written to AWS.", next=begin), ExitCode.INTERRUPTED
    if isinstance(error, click.ClickException):
        return usage(error.format_message(), next=_way_out(error)), ExitCode.USAGE
    problem = as_problem(error)
    return problem, exit_of_problem(problem)


def _way_out(error: click.ClickException) -> str:
    """The next step: an option of the program itself that stands behind a command is told its place."""
    import click

    if isinstance(error, click.NoSuchOption) and error.ctx is not None and error.ctx.parent is not None:
        option, command = error.option_name, error.ctx.info_name
        if any(option in each.opts for each in error.ctx.parent.command.params):
            return f"{option} stands before the command: breakglass-tui {option} … {command}"
    words = error.ctx.command_path.split()[1:] if isinstance(error, click.UsageError) and error.ctx is not None else []
    return " ".join(["See: breakglass-tui", *words, "--help"])
