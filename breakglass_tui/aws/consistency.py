"""Waits for IAM's eventual consistency, and for requests whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.aws.parallel_reads import read_in_parallel
from breakglass_tui.engine.step_context import StepContext

CONSISTENT_READS = 3
TIMEOUT_S = 60.0
INTERVAL_S = 1.0
LATE_ARRIVAL_S = 15.0
"""The number of seconds after which a request whose answer was lost is no longer on its way to AWS."""

T = TypeVar("T")


def wait_until_consistent(
    context: StepContext,
    condition: Callable[[], bool],
    *,
    good_reads: int = CONSISTENT_READS,
    timeout_s: float = TIMEOUT_S,
    interval_s: float = INTERVAL_S,
) -> bool:
    """Return whether ``condition`` was true ``good_reads`` times in a row within ``timeout_s`` seconds.

    Several reads are needed, because IAM answers from replicas and the next one may not have the change yet (IAM User
    Guide, troubleshooting: changes are not always immediately visible).
    """
    started_at = context.clock.ticks()
    in_a_row = 0
    while in_a_row < good_reads:
        if condition():
            in_a_row += 1
            continue
        in_a_row = 0
        if context.clock.ticks() - started_at >= timeout_s:
            return False
        context.wait(interval_s)
    return True


def wait_until_replicas_agree(api: Api, condition: Callable[[Api], bool]) -> bool:
    """Return whether ``condition`` was true ``CONSISTENT_READS`` times, at the same time or in a row, in ``TIMEOUT_S``.

    The first reads are made at the same time. They use different connections, so they reach as many replicas as reads
    in a row. If one of them is not true, the reads that follow are in a row.
    """
    if all(read_in_parallel(api, *[condition] * CONSISTENT_READS)):
        return True
    api.context.wait(INTERVAL_S)
    return wait_until_consistent(api.context, lambda: condition(api), timeout_s=TIMEOUT_S - INTERVAL_S)


def wait_for(context: StepContext, read: Callable[[], T | None], *, within_s: float = LATE_ARRIVAL_S) -> T | None:
    """Call ``read`` until its result is true, and return that result.

    Return None if ``within_s`` seconds pass without one. By default it waits until a late request must have arrived at
    AWS.
    """
    started_at = context.clock.ticks()
    while True:
        result = read()
        if result or context.clock.ticks() - started_at >= within_s:
            return result
        context.wait(INTERVAL_S)
