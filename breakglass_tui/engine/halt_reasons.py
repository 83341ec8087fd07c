"""Problems that end a resumed run or an undo before it is complete."""

from __future__ import annotations

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Step


def envelope_lost(path: str) -> Problem:
    """Return the problem that the envelope of a done step is missing or was changed."""
    return Problem(
        f"The envelope {show(path, 4096)} is missing or was changed.",
        why="It has the only copy of a secret. Without it, the run does not grant permissions to the user.",
        next="Restore the file and resume the run. Without a copy, undo the run and start again.",
        kind=Kind.LOCAL,
        code="EnvelopeLost",
    )


def changed(step: Step, observed: str) -> Problem:
    """Return the problem that AWS does not have the resource of a done step as the step left it.

    ``observed`` is the current state as text.
    """
    return Problem(
        f"{step.title}: the state in AWS is not what this run left: {observed}.",
        why="The resource was changed since, or AWS refuses to show it. The run does not continue.",
        next="Find the cause and resume the run, or undo the run.",
        kind=Kind.REFUSED,
        code="Changed",
    )


def undo_stopped(step: Step) -> Problem:
    """Return the problem that the undo was stopped before it removed the resource of ``step``."""
    return Problem(
        f"{step.title}: the undo stopped before it removed this.",
        why="You stopped the undo. Everything that it had not removed yet is still in AWS.",
        next="Undo this run again.",
        kind=Kind.LOCAL,
    )
