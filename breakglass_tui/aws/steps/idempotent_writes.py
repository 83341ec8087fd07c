"""Writes that may be sent twice, because the second one changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from breakglass_tui.aws.consistency import wait_for, wait_until_consistent
from breakglass_tui.aws.error_classes import outcome_unknown
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.step_context import StepContext


def send_idempotent(
    context: StepContext, action: str, what: str, put: Callable[[], object], applied: Callable[[], bool]
) -> None:
    """Call ``put``, which sends ``action``, and wait until ``applied`` is true.

    After a lost answer, ``applied`` is read first, and ``put`` is repeated once if AWS did not apply it. Raises
    ``Problem``. ``what`` is the subject of its text if AWS accepted the write and still does not show it.
    """
    try:
        put()
    except Problem as problem:
        if not outcome_unknown(problem):
            raise
        context.note("the answer was lost: checking whether AWS applied it")
        if wait_for(context, applied):
            context.call_settled(action, "applied")
        else:
            put()
    if not wait_until_consistent(context, applied, good_reads=1):
        raise not_visible_problem(what)


def remove_and_confirm(
    context: StepContext, what: str, remove: Callable[[], object], exists: Callable[[], bool]
) -> None:
    """Call ``remove``, then wait until two reads in a row do not find the resource.

    The removal is not repeated: a resource that is found then may be a new one of someone else. Raises ``Problem`` if
    the resource is still found after a minute. ``what`` is the subject of its text.
    """
    remove()
    if not wait_until_consistent(context, lambda: not exists(), good_reads=2):
        raise not_visible_problem(what)


def may_exist(context: StepContext, action: str) -> bool:
    """Return whether AWS applied or may have applied ``action``. Then a single not-found is no evidence of absence."""
    return context.run_log.done(action) or context.run_log.unanswered(action) > 0


def not_visible_problem(what: str) -> Problem:
    """Return the problem of a write that AWS accepted and does not show within ``TIMEOUT_S``."""
    return Problem(
        f"{what} is not visible in AWS.",
        why="AWS accepted the change, but its reads still returned the old state a minute later.",
        next="Check the AWS Health Dashboard. Then try again.",
        kind=Kind.REFUSED,
        code="NotVisible",
    )
