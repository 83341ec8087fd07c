"""What can be said of a sealed file without opening it, and the command that opens it; for a thread."""

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
NEEDS = {
    "age": "the identity file of a custodian; with several --identity where they open only together",
    "passphrase": "the passphrase, which is asked for",
    "kms": "AWS, and somebody who may use the key; it does not open while AWS is down",
}


def outside(path: str, program: str) -> tuple[Paragraph, ...]:
    """The file at ``path``, or why it is none that opens; ``program`` is the command line of this account."""
    try:
        sealed = read_sealed(Path(path).expanduser())
    except (Problem, RuntimeError) as problem:  # RuntimeError: ~ of a user that does not exist
        return tuple(problem_lines(problem if isinstance(problem, Problem) else _nobodys_home(path, problem)))
    return tuple(_told(sealed, program))


def _told(sealed: SealedFile, program: str) -> Iterator[Paragraph]:
    rows = [
        ("File", show(str(sealed.path), LONGEST)),
        ("Sealed", "with KMS" if sealed.kind == "kms" else f"by {sealed.kind}"),
    ]
    rows += [("Closed to", show(", ".join(sealed.closed_to), LONGEST)), ("Needs", NEEDS[sealed.kind])]
    yield from labelled(rows)
    if sealed.flaw:
        yield from (plain(""), plain(f"✗ It does not open: {show(sealed.flaw)}.", "$error"))
        return
    yield from (plain(""), plain("In another terminal, or here after ctrl+z (fg leads back):"))
    yield plain(show(command(sealed, program), LONGEST), "bold", 2)


def command(sealed: SealedFile, program: str) -> str:
    """The line that opens it on a screen of its own."""
    identity = " --identity FILE" if sealed.kind == "age" else ""
    return f"{program} open{identity} {shlex.quote(str(sealed.path))}"


def _nobodys_home(path: str, error: RuntimeError) -> Problem:
    return Problem(
        f"There is no file {show(path, LONGEST)}.",
        why=f"The system says: {show(str(error))}",
        next="Give the path from the root on.",
        kind=Kind.USAGE,
    )
