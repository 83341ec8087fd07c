"""Waits for IAM's eventual consistency, and for requests whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from breakglass_tui.engine.step_context import StepContext

CONSISTENT_READS = 3
TIMEOUT_S = 60.0
INTERVAL_S = 1.0
LATE_ARRIVAL_S = 15.0
"""How long a request whose answer was lost may still be on its way to AWS."""

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

    One good read is no evidence: IAM answers from replicas, and the next read may come from one that does not have
    the change yet (IAM User Guide, troubleshooting: changes are not always immediately visible).
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


def wait_for(context: StepContext, read: Callable[[], T | None], *, within_s: float = LATE_ARRIVAL_S) -> T | None:
    """Return the first result of ``read`` that is true, or None if there is none within ``within_s`` seconds.

    The default is the time after which a late request has arrived at AWS.
    """
    started_at = context.clock.ticks()
    while True:
        result = read()
        if result or context.clock.ticks() - started_at >= within_s:
            return result
        context.wait(INTERVAL_S)
