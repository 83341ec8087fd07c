"""Reports of a problem that ends a command, as text on stderr and as JSON on stdout. UsageProblem: a wrong call."""

from __future__ import annotations

import contextlib
import copy
from typing import TypeGuard

from breakglass_tui.cli.streams import to_stderr, to_stdout
from breakglass_tui.domain.problems import BadRequest, Kind, Problem
from breakglass_tui.domain.text import json_text


class UsageProblem(Problem):
    """A mistake in how the program was called.

    ``command`` is the command line to use instead, and ``next`` introduces it. If ``repeat`` is not None, the operator
    runs the same command line again after following ``next``, with the words in ``repeat`` added.
    """

    def __init__(
        self, what: str, *, why: str = "", next: str = "", command: str = "", repeat: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(what, why=why, next=f"{next}: {command}" if command else next, kind=Kind.USAGE)
        self.lead = next
        self.command = command
        self.repeat = repeat


def usage(
    what: str, *, why: str = "", next: str = "", command: str = "", repeat: tuple[str, ...] | None = None
) -> Problem:
    """Return a ``UsageProblem`` with these arguments."""
    return UsageProblem(what, why=why, next=next, command=command, repeat=repeat)


class Interrupted(Problem):
    """The operator ended the command before it wrote anything. Only the last line of the command reports it."""


def report_problem(problem: Problem, *, as_json: bool) -> None:
    """Write ``problem`` to stderr, and with ``as_json`` also to stdout.

    On stderr it leaves out what the last line of the command repeats.
    """
    from breakglass_tui.plain.words import problem_lines

    if not isinstance(problem, Interrupted):
        shown = copy.copy(problem)
        if has_command(problem):
            shown.next = ""
        to_stderr(*problem_lines(shown))
    if as_json:
        with contextlib.suppress(Problem):  # without stdout, only the exit code reports the failure
            to_stdout(json_text(problem_document(problem)))


def has_command(problem: Problem) -> TypeGuard[UsageProblem]:
    """Return whether the last line of the command says what to do next."""
    return isinstance(problem, UsageProblem) and (bool(problem.command) or problem.repeat is not None)


def problem_document(problem: Problem) -> dict[str, object]:
    """Return the JSON document that stdout gets instead of the result."""
    fields = problem.errors if isinstance(problem, BadRequest) else ()
    return {
        "schema_version": 1,
        "problem": {"what": problem.what, "why": problem.why, "next": problem.next, "kind": problem.kind.value},
        "errors": [{"field": error.field, "message": error.message} for error in fields],
    }
