"""Describe an envelope without opening it, and show the command that opens it.

The functions read files, so the App calls them in a thread.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.sealed_file import SealedFile, read_sealed
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain
from breakglass_tui.ui.widgets.past_run import problem_lines

LONGEST = 4096
LABEL = 14
NEEDS = {
    "age": "a custodian's identity file: replace FILE with its path. Repeat --identity if several must act together.",
    "passphrase": "the passphrase. The command asks for it.",
    "kms": "AWS, and permission to use the KMS key. It cannot be opened while AWS is unavailable.",
}
DEMO_KEY = "This needs a key of a simulated account. The simulated account that holds the key ends with its process."


def outside(path: str, program: str, *, demo: bool) -> tuple[Paragraph, ...]:
    """Return a description of the envelope at ``path`` and the command that opens it, or why the file cannot be opened.

    ``program`` is the command line that connects to the current account. In the demo, a KMS envelope has no command:
    another process has another simulated account, and so another KMS key.
    """
    try:
        sealed = read_sealed(Path(path).expanduser())
    except (Problem, RuntimeError) as problem:  # RuntimeError: ~ of a user that does not exist
        return tuple(problem_lines(problem if isinstance(problem, Problem) else _no_home(path, problem)))
    return tuple(_lines(sealed, program, demo=demo))


def _lines(sealed: SealedFile, program: str, *, demo: bool) -> Iterator[Paragraph]:
    rows = [
        ("File", show(str(sealed.path), LONGEST)),
        ("Seal", "KMS" if sealed.kind == "kms" else sealed.kind),
    ]
    rows += [("Encrypted to", show(", ".join(sealed.encrypted_to), LONGEST)), ("Needs", NEEDS[sealed.kind])]
    yield from labelled(rows, LABEL)
    if sealed.flaw:
        yield from (plain(""), plain(f"✗ The file cannot be opened: {show(sealed.flaw)}.", "$error"))
        return
    if demo and sealed.kind == "kms":
        yield from (plain(""), plain(DEMO_KEY))
        return
    yield from (plain(""), plain("Open it in another terminal, or here after ctrl+z (fg returns):"))
    yield plain(show(command(sealed, program), LONGEST), "bold", 2)


def command(sealed: SealedFile, program: str) -> str:
    """Return the shell command that opens the envelope ``sealed``. ``program`` is the command line of this program."""
    identity = " --identity FILE" if sealed.kind == "age" else ""
    return f"{program} open{identity} {shlex.quote(str(sealed.path))}"


def _no_home(path: str, error: RuntimeError) -> Problem:
    return Problem(
        f"The path {show(path, LONGEST)} cannot be resolved.",
        why=show(str(error)),
        next="Enter the absolute path of the file.",
        kind=Kind.USAGE,
    )
