"""``MemoizedRead``, a read of AWS whose answer several checks share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Problem

T = TypeVar("T")


class MemoizedRead(Generic[T]):
    """A read of AWS that is made once and whose answer several checks share.

    The first check that needs the answer makes the calls, and the others wait. Each check lists these calls in its
    evidence.
    """

    def __init__(self, read: Callable[[Api], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._answers: list[T] = []
        self._problem: Problem | None = None
        self._calls: tuple[Call, ...] = ()

    def get(self, api: Api) -> T:
        """Return the answer. If the read ended with a ``Problem``, every check that needs the answer raises it."""
        with self._lock:
            if self._answers or self._problem is not None:
                api.context.calls.extend(self._calls)
            else:
                self._make(api)
        if self._problem is not None:
            raise self._problem
        return self._answers[0]

    def _make(self, api: Api) -> None:
        """Make the read and keep its answer or its ``Problem``.

        A read that is stopped keeps neither. The next check is then stopped too.
        """
        # Another thread of the same check may make calls at the same time. These are no evidence of this read.
        branch = api.branch()
        try:
            self._answers.append(self._read(branch))
        except Problem as problem:
            self._problem = problem
        finally:
            self._calls = tuple(branch.context.calls)
            api.context.calls.extend(self._calls)
