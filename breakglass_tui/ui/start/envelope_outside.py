"""Describe an envelope without opening it, and return the command that opens it.

The functions read files, so the App calls them in a thread.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.report.open_commands import SECRETS
from breakglass_tui.report.recorded_envelopes import RecordedEnvelope, look_up
from breakglass_tui.secrets.sealed_file import SealedFile, read_sealed
from breakglass_tui.ui.start.stored_run import problem_lines
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

LONGEST = 4096
LABEL = 14
NEEDS = {
    "age": "the identity file of a custodian. Replace FILE with its path.",
    "passphrase": "the passphrase. The command asks for it.",
    "kms": "AWS, and permission to use the KMS key. It cannot be opened while AWS is unavailable.",
}
TOGETHER = "the identity files of {needs} custodians together. Replace each FILE with the path of one."
UNRECORDED = "If several custodians must act together, repeat --identity FILE."
DIFFERS = "✗ This is not the file that the report lists: its SHA-256 differs."
DEMO_KEY = "This needs a key of a simulated account. The simulated account that holds the key ends with its process."


@dataclass(frozen=True)
class EnvelopeDescription:
    """The description of an envelope, and the command that opens it.

    ``command`` is empty if this program cannot open it.
    """

    lines: tuple[Paragraph, ...]
    command: str = ""


def outside(path: str, program: str, *, demo: bool) -> EnvelopeDescription:
    """Return the description of the envelope at ``path`` and the command that opens it, or why it cannot be opened.

    The contents and the custodians come from the report.json in the same directory. ``program`` is the command line
    that connects to the current account. In the demo, a KMS envelope has no command: another process has another
    simulated account, and so another KMS key.
    """
    try:
        sealed = read_sealed(Path(path).expanduser())
    except (Problem, RuntimeError) as problem:  # RuntimeError: ~ of a user that does not exist
        lines = problem_lines(problem if isinstance(problem, Problem) else _no_home(path, problem))
        return EnvelopeDescription(tuple(lines))
    found = look_up(sealed, None)
    gone = demo and sealed.kind == "kms"
    lines = [*_facts(sealed, found.recorded, found.missing), *_obstacles(sealed, found.recorded, gone=gone)]
    return EnvelopeDescription(tuple(lines), "" if sealed.flaw or gone else command(sealed, program, found.recorded))


def command(sealed: SealedFile, program: str, recorded: RecordedEnvelope | None) -> str:
    """Return the shell command that opens the envelope ``sealed`` and shows its contents.

    ``program`` is the command line of this program. For age, the command has one ``--identity`` for each custodian that
    is needed.
    """
    identities = " --identity FILE" * _needed(recorded) if sealed.kind == "age" else ""
    return show(f"{program} open{identities} {shlex.quote(str(sealed.path.absolute()))}", LONGEST)


def _facts(sealed: SealedFile, recorded: RecordedEnvelope | None, missing: str) -> list[Paragraph]:
    contents = ", ".join(SECRETS.get(each, each) for each in recorded.contents) if recorded else ""
    custodians = (recorded.custodians if recorded else ()) or sealed.encrypted_to
    rows = [
        ("File", str(sealed.path)),
        ("Contents", contents or f"not known: {missing or 'the report does not name them'}"),
        ("Seal", "KMS" if sealed.kind == "kms" else sealed.kind),
        ("Encrypted to", ", ".join(custodians)),
        ("Needs", _needs(sealed, recorded)),
    ]
    return labelled([(label, show(text, LONGEST)) for label, text in rows], LABEL)


def _needs(sealed: SealedFile, recorded: RecordedEnvelope | None) -> str:
    if sealed.kind == "age" and _needed(recorded) > 1:
        return TOGETHER.format(needs=_needed(recorded))
    return f"{NEEDS[sealed.kind]} {UNRECORDED}" if sealed.kind == "age" and recorded is None else NEEDS[sealed.kind]


def _needed(recorded: RecordedEnvelope | None) -> int:
    return recorded.needs if recorded else 1


def _obstacles(sealed: SealedFile, recorded: RecordedEnvelope | None, *, gone: bool) -> Iterator[Paragraph]:
    if recorded is not None and recorded.sha256 and recorded.sha256 != sealed.sha256:
        yield from (plain(""), plain(DIFFERS, "$error"))
    if sealed.flaw:
        yield from (plain(""), plain(f"✗ The file cannot be opened: {show(sealed.flaw)}.", "$error"))
    elif gone:
        yield from (plain(""), plain(DEMO_KEY))


def _no_home(path: str, error: RuntimeError) -> Problem:
    return Problem(
        f"The path {show(path, LONGEST)} cannot be resolved.",
        why=show(str(error)),
        next="Enter the absolute path of the file.",
        kind=Kind.USAGE,
    )
