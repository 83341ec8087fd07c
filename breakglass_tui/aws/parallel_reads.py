"""Reads of AWS that do not need each other's answers, made at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from breakglass_tui.aws.api import Api

T = TypeVar("T")
SIDE_BY_SIDE = 8
"""The maximum number of reads that run at the same time. More reads wait for a free thread."""


def read_in_parallel(api: Api, *reads: Callable[[Api], T]) -> list[T]:
    """Call each of ``reads`` in a thread of its own, and return their results in the same order.

    The calls of a finished read are evidence of ``api``, in the order of ``reads``. When all reads have ended, the
    first exception is raised, in the same order.
    """
    branches = [api.branch() for _ in reads]
    with ThreadPoolExecutor(min(len(reads), SIDE_BY_SIDE) or 1, "breakglass-reads") as pool:
        futures = [pool.submit(read, branch) for read, branch in zip(reads, branches, strict=True)]
    for branch in branches:
        api.context.calls.extend(branch.context.calls)
    return [future.result() for future in futures]


@contextmanager
def read_meanwhile(api: Api, read: Callable[[Api], T]) -> Iterator[Future[T]]:
    """Call ``read`` in a thread during the context, and yield the future of its result.

    The context ends when the read has ended. Its calls are then evidence of ``api``.
    """
    branch = api.branch()
    try:
        with ThreadPoolExecutor(1, "breakglass-reads") as pool:
            yield pool.submit(read, branch)
    finally:
        api.context.calls.extend(branch.context.calls)
