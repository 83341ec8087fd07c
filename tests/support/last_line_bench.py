"""A cloud in memory for tests of the last line on stderr, and the command line of ``apply`` for it."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

import pytest

from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Kind, Problem

PROGRAM = "breakglass-tui --profile 'two words'"
USER = frozenset({"create-user"})


@dataclass
class Bench:
    """A cloud with steps and checks to arrange, and the command line of ``apply``."""

    cloud: object
    step: type
    check: type
    patch: pytest.MonkeyPatch
    request: object
    out: object

    @property
    def apply(self):
        return ("apply", "--yes", "--request", str(self.request), "--out", str(self.out))

    @property
    def again(self):
        return f"{PROGRAM} apply --yes --request {self.request} --out {self.out}"


def refuses(kind=Kind.REFUSED):
    """Return a function that raises a problem of this kind."""

    def _refuses(*_):
        raise Problem("No.", why="Because.", next="Ask for it.", kind=kind)

    return _refuses


def signals(context):
    """Send SIGTERM to this process, and wait for the end of the run."""
    os.kill(os.getpid(), signal.SIGTERM)
    context.wait(60)


def deletes(context):
    """Report a call that deletes the user."""
    context.call_finished(Call("iam:DeleteUser", "req-9", 3))
