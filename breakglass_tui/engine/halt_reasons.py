"""Why a run does not go on where earlier processes left it, and why an undo leaves something."""

from __future__ import annotations

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.plan import Step


def envelope_lost(path: str) -> Problem:
    """A sealed secret of a step that is done has gone."""
    return Problem(
        f"The envelope {show(path, 4096)} is not there as this run wrote it.",
        why="What is sealed in it cannot be got anywhere else, so the run does not go on to grant power.",
        next="Put the file back and resume; or undo this run and begin anew.",
        kind=Kind.LOCAL,
        code="EnvelopeLost",
    )


def changed(step: Step, observed: str) -> Problem:
    """AWS shows something else than a done step made."""
    return Problem(
        f"{step.title}: AWS does not show it as this run left it: {observed}.",
        why="Somebody changed it meanwhile, or it cannot be read, so the run does not go on.",
        next="Find out why, and resume; or undo this run.",
        kind=Kind.REFUSED,
        code="Changed",
    )


def halted(step: Step) -> Problem:
    """What an undo leaves that was itself stopped."""
    return Problem(
        f"{step.title}: the undo was stopped before it was removed.",
        why="You asked for the undo to stop; what it had not reached is still in AWS.",
        next="Undo this run again.",
        kind=Kind.LOCAL,
    )
