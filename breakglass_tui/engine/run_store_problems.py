"""Problems of the run store: what cannot be listed, found, read or written."""

from __future__ import annotations

import shlex
from pathlib import Path

from breakglass_tui.directories import Flaw
from breakglass_tui.domain.own_tags import RUN_TAG
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show


def unsafe_directory(flaw: Flaw) -> Problem:
    """Return the problem that another user can write to a directory of journals."""
    return Problem(
        f"The directory {show(str(flaw.path), 4096)} is not safe for the journals of runs.",
        why=flaw.why,
        next=f"Check its content, then run: {flaw.remedy} {show(shlex.quote(str(flaw.path)), 4096)}",
        kind=Kind.LOCAL,
        code="UnsafeDirectory",
    )


def changed_since_read(id: str) -> Problem:
    """Return the problem that another process wrote to the journal of a run after it was read."""
    return Problem(
        f"The run {show(id)} has changed since it was read.",
        why="Another process resumed or removed it. This process changed nothing.",
        next="Read its current state with: breakglass-tui runs",
        kind=Kind.BUSY,
        code="GoneOn",
    )


def journals_unlisted(root: Path, error: OSError) -> Problem:
    """Return the problem that the journals below ``root`` cannot be listed."""
    return Problem(
        f"The journals below {show(str(root), 4096)} cannot be listed.",
        why=f"The system reports: {error.strerror or type(error).__name__}.",
        next="Run this command as the user who owns them, or set XDG_STATE_HOME to their directory.",
        kind=Kind.LOCAL,
        code="JournalsUnreadable",
    )


def journal_empty(id: str) -> Problem:
    """Return the problem that the journal of a run has no event."""
    return Problem(
        f"The journal of run {show(id)} is empty.",
        why="The run was killed before its first event, or the content of its journal was deleted.",
        next=f"Find a user with the tag {RUN_TAG} = {show(id)} and remove it by hand. Then delete the directory.",
        kind=Kind.LOCAL,
        code="JournalEmpty",
    )


def journal_moved(id: str) -> Problem:
    """Return the problem that the journal in the directory ``id`` has the id of another run."""
    return Problem(
        f"The journal in the directory {show(id)} belongs to another run.",
        why="The directory was renamed or copied, or the journal has lost its first lines.",
        next="Rename the directory to the id of its run, or move it elsewhere.",
        kind=Kind.LOCAL,
        code="JournalDamaged",
    )


def no_such_run(id: str, found: list[str]) -> Problem:
    """Return the problem that ``id`` names no run, or the start of several ids, which are ``found``."""
    what = f"There is no run {show(id)}." if not found else f"More than one run id starts with {show(id)}."
    why = f"These do: {', '.join(map(show, found))}." if found else "This machine has no journal with that id."
    return Problem(what, why=why, next="List the runs with: breakglass-tui runs", kind=Kind.USAGE, code="NoSuchRun")
