"""Runs the programs that sign and verify, ssh-keygen and openssl, and git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show

WITHIN_S = 60.0
KEPT = ("PATH", "HOME", "SSH_AUTH_SOCK")
"""The environment variables that a program gets. ssh-keygen finds the agent with SSH_AUTH_SOCK."""
MISSING, SLOW = "ProgramMissing", "ProgramTimedOut"
"""The codes of the problems that a program is not installed, and that it did not end in time."""


@dataclass(frozen=True, slots=True)
class ProgramResult:
    """The result of a program: whether its exit status was 0, and what it wrote."""

    ok: bool
    output: bytes
    message: str


def run_program(command: Sequence[str], content: bytes = b"", *, attached: bool = False) -> ProgramResult:
    """Run ``command`` with ``content`` on its standard input. Raises ``Problem``.

    With ``attached``, the program may ask for a passphrase or a PIN on the terminal of this process. Otherwise it has
    no terminal. It never opens a window to ask.
    """
    name = command[0]
    if shutil.which(name) is None:
        raise Problem(
            f"The program {name} is not installed.",
            why=f"This program runs {name}.",
            next=f"Install {name}, or add its directory to PATH.",
            kind=Kind.LOCAL,
            code=MISSING,
        )
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and every argument is a separate word
            list(command),
            input=content,
            capture_output=True,
            env=environment | {"LC_ALL": "C.UTF-8", "SSH_ASKPASS_REQUIRE": "never"},
            start_new_session=not attached,
            timeout=WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Problem(
            f"{name} did not end within {WITHIN_S:.0f} seconds.",
            why="It may have waited for a touch of a security key, or for the agent.",
            next="Try again.",
            kind=Kind.LOCAL,
            code=SLOW,
        ) from None
    except OSError as error:
        why = f"The system reports: {error.strerror or type(error).__name__}."
        raise Problem(f"{name} cannot be run.", why=why, next="Try again.", kind=Kind.LOCAL) from None
    return ProgramResult(done.returncode == 0, done.stdout, _last_line(done.stderr))


def _last_line(text: bytes) -> str:
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    return show(lines[-1], 200) if lines else ""
