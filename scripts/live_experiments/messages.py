"""Print messages for the operator, and lines for a person that must not reach a file."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem

TERMINAL = Path("/dev/tty")


def notify(text: str) -> None:
    """Print ``text`` on stderr. If the terminal is closed, do nothing, because the resources must still be removed."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def terminal() -> Callable[[str], None]:
    """Return a function that prints a line on the terminal, even if the output of the script goes to a file.

    Raises:
        Problem: there is no terminal.
    """
    try:
        TERMINAL.open("w").close()
    except OSError as error:
        why = f"{TERMINAL} cannot be opened: {error.strerror}."
        raise Problem("There is no terminal for --browser.", why=why, next="Run it in one.", kind=Kind.USAGE) from None

    def show(line: str) -> None:
        with contextlib.suppress(OSError), TERMINAL.open("w") as stream:
            stream.write(f"{line}\n")

    return show
