"""Writes that may be sent again, because the second one changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from breakglass_tui.aws.outcomes import outcome_unknown
from breakglass_tui.aws.settle import appears, settle
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.turn import Turn


def assured(turn: Turn, action: str, what: str, put: Callable[[], object], holds: Callable[[], bool]) -> None:
    """Carry out ``put``, which calls ``action``, until ``holds`` can be read back.

    After a lost answer AWS is asked first, and ``put`` repeated once only if it had not been carried out. Raises
    ``Problem``; ``what`` begins its sentence when the write was accepted and still cannot be seen.
    """
    try:
        put()
    except Problem as problem:
        if not outcome_unknown(problem):
            raise
        turn.note("the answer was lost: looking whether it was done")
        if appears(turn, holds):
            turn.settled(action, "carried out")
        else:
            put()
    if not settle(turn, holds, good=1):
        raise not_visible(what)


def removed(turn: Turn, what: str, remove: Callable[[], object], there: Callable[[], bool]) -> None:
    """Carry out ``remove``, then wait until several reads in a row do not see the thing.

    It is not removed again: what is seen then may be another's. Raises ``Problem``; ``what`` begins its sentence
    when it is still seen after a minute.
    """
    remove()
    if not settle(turn, lambda: not there(), good=2):
        raise not_visible(what)


def may_exist(turn: Turn, action: str) -> bool:
    """Whether AWS has or may have carried ``action`` out: then one read that finds nothing proves nothing."""
    return turn.ledger.done(action) or turn.ledger.unanswered(action) > 0


def not_visible(what: str) -> Problem:
    """AWS accepted a write that cannot be read back within the ceiling."""
    return Problem(
        f"{what} cannot be read back.",
        why="AWS accepted the change and still does not show it after a minute.",
        next="Check the AWS Health Dashboard; then try again.",
        kind=Kind.REFUSED,
        code="NotVisible",
    )
