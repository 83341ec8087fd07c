"""Problems with the shell commands for resources that could not be removed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.shell_quoting import option

SEPARATOR = "; "
"""The separator of commands.

With ``&&``, a command that fails because its resource is already deleted would end the line.
"""


@contextmanager
def suggest_removal(what: str, commands: Callable[[Problem], Iterable[str]]) -> Iterator[None]:
    """In a with block, replace a ``Problem`` by the ``removal_problem`` of ``what``.

    ``commands`` gets the ``Problem`` and returns the shell commands that remove the resource.
    """
    try:
        yield
    except Problem as problem:
        raise removal_problem(what, problem, commands(problem)) from None


def removal_problem(what: str, problem: Problem, commands: Iterable[str], *, note: str = "") -> Problem:
    """Return the problem that ``what`` was not removed because of ``problem``. Its ``next`` is a line for a shell.

    ``note`` is a sentence for the operator about the commands.
    """
    why = " ".join(part for part in (problem.what, problem.why, note) if part)
    next = SEPARATOR.join(dict.fromkeys(commands))
    return Problem(f"{what} could not be removed.", why=why, next=next, kind=problem.kind, code=problem.code)


def iam_command(operation: str, *global_options: str, **options: str) -> str:
    """Return an AWS CLI command line of the iam service, quoted for a shell.

    ``user_name="x"`` becomes ``--user-name x``. ``global_options`` are words such as ``--profile`` and its value.
    """
    words = (option(name, value) for name, value in options.items())
    return " ".join(("aws", "iam", shlex.quote(operation), *words, *map(shlex.quote, global_options)))


def statement_removal(role_name: str, sid: str, *global_options: str) -> str:
    """Return an AWS CLI command line that removes the statement ``sid`` from the trust policy of a role.

    It reads the policy when it runs, so it keeps changes made until then.
    """
    query = f'Role.AssumeRolePolicyDocument.merge(@, {{Statement: Statement[?Sid != `"{sid}"`]}})'
    document = iam_command("get-role", *global_options, role_name=role_name, query=query, output="json")
    update = iam_command("update-assume-role-policy", *global_options, role_name=role_name)
    return f'{update} --policy-document "$({document})"'
