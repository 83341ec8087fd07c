"""Writes to AWS that may be sent twice, because the second request changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from breakglass_tui.aws.consistency import wait_for, wait_until_consistent
from breakglass_tui.aws.error_classes import outcome_unknown
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.step_context import StepContext


def send_idempotent(
    context: StepContext, action: str, what: str, put: Callable[[], object], applied: Callable[[], bool]
) -> None:
    """Call ``put``, which sends ``action``, and wait until ``applied`` returns True. Raises ``Problem``.

    After a lost answer, ``applied`` is read first. If AWS did not apply the request, ``put`` is called once more. If
    AWS accepted the write and still does not show it, the text of the ``Problem`` begins with ``what``.
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
    """Call ``remove`` and wait until ``exists`` returns False twice in a row.

    ``remove`` is not repeated, because a resource that is found later may be a new one of another caller. Raises
    ``Problem``, whose text begins with ``what``, if the resource is still found after a minute.
    """
    remove()
    if not wait_until_consistent(context, lambda: not exists(), good_reads=2):
        raise not_visible_problem(what)


def may_exist(context: StepContext, action: str) -> bool:
    """Return whether AWS applied or may have applied a request of ``action``.

    If so, one read that does not find the resource does not prove that it is absent.
    """
    return context.run_log.done(action) or context.run_log.unanswered(action) > 0


def not_visible_problem(what: str) -> Problem:
    """Return the problem of a change that AWS accepted and does not show within ``TIMEOUT_S``.

    Its text begins with ``what``.
    """
    return Problem(
        f"{what} is not visible in AWS.",
        why="AWS accepted the change, but its reads still returned the old state a minute later.",
        next="Check the AWS Health Dashboard. Then try again.",
        kind=Kind.REFUSED,
        code="NotVisible",
    )
