"""What could not be removed, told with the command that removes it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

from breakglass_tui.domain.problems import Problem


@contextmanager
def leaving(what: str, *commands: str) -> Iterator[None]:
    """Turn a problem of a removal into one whose ``next`` is the command that does it by hand."""
    try:
        yield
    except Problem as problem:
        why = " ".join(part for part in (problem.what, problem.why) if part)
        next = " && ".join(commands)
        raise Problem(f"{what} is still there.", why=why, next=next, kind=problem.kind, code=problem.code) from None


def iam(operation: str, **options: str) -> str:
    """An aws CLI command of the iam service; ``user_name="x"`` becomes ``--user-name x``."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    return shlex.join(["aws", "iam", operation, *words])
