"""Writes that may be sent again, because the second one changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from breakglass_tui.aws.consistency import appears, wait_until_consistent
from breakglass_tui.aws.error_classes import outcome_unknown
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.step_context import StepContext


def send_idempotent(
    context: StepContext, action: str, what: str, put: Callable[[], object], holds: Callable[[], bool]
) -> None:
    """Carry out ``put``, which calls ``action``, until ``holds`` can be read back.

    After a lost answer AWS is asked first, and ``put`` repeated once only if it had not been carried out. Raises
    ``Problem``; ``what`` begins its sentence when the write was accepted and still cannot be seen.
    """
    try:
        put()
    except Problem as problem:
        if not outcome_unknown(problem):
            raise
        context.note("the answer was lost: looking whether it was done")
        if appears(context, holds):
            context.settled(action, "carried out")
        else:
            put()
    if not wait_until_consistent(context, holds, good=1):
        raise not_visible(what)


def removed(context: StepContext, what: str, remove: Callable[[], object], there: Callable[[], bool]) -> None:
    """Carry out ``remove``, then wait until several reads in a row do not see the thing.

    It is not removed again: what is seen then may be another's. Raises ``Problem``; ``what`` begins its sentence
    when it is still seen after a minute.
    """
    remove()
    if not wait_until_consistent(context, lambda: not there(), good=2):
        raise not_visible(what)


def may_exist(context: StepContext, action: str) -> bool:
    """Whether AWS has or may have carried ``action`` out: then one read that finds nothing proves nothing."""
    return context.run_log.done(action) or context.run_log.unanswered(action) > 0


def not_visible(what: str) -> Problem:
    """AWS accepted a write that cannot be read back within the ceiling."""
    return Problem(
        f"{what} cannot be read back.",
        why="AWS accepted the change and still does not show it after a minute.",
        next="Check the AWS Health Dashboard; then try again.",
        kind=Kind.REFUSED,
        code="NotVisible",
    )
