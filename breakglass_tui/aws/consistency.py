"""Waiting out IAM's eventual consistency, and requests whose answer was lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from breakglass_tui.engine.step_context import StepContext

GOOD_READS = 3
CEILING_S = 60.0
INTERVAL_S = 1.0
LATE_S = 15.0
"""How long a request whose answer was lost may still be on its way."""

T = TypeVar("T")


def wait_until_consistent(
    context: StepContext, holds: Callable[[], bool], *, good: int = GOOD_READS, ceiling_s: float = CEILING_S
) -> bool:
    """Whether ``holds`` was true ``good`` times in a row within ``ceiling_s`` seconds.

    One good read proves nothing: IAM answers from replicas, and the next read may come from one that has not
    heard of the change (IAM User Guide, troubleshooting: changes are not always immediately visible).
    """
    began = context.clock.ticks()
    row = 0
    while row < good:
        if holds():
            row += 1
            continue
        row = 0
        if context.clock.ticks() - began >= ceiling_s:
            return False
        context.wait(INTERVAL_S)
    return True


def appears(context: StepContext, look: Callable[[], T | None], *, within_s: float = LATE_S) -> T | None:
    """What ``look`` finds, asked again and again until a late request would have landed; None if it never did."""
    began = context.clock.ticks()
    while True:
        seen = look()
        if seen or context.clock.ticks() - began >= within_s:
            return seen
        context.wait(INTERVAL_S)
