"""A read of AWS that several checks share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from breakglass_tui.aws.api import Api
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Problem

T = TypeVar("T")


class MemoizedRead(Generic[T]):
    """A memoized AWS read.

    The first check that needs it makes the calls. The others wait for the answer. Every check lists the calls as its
    own evidence.
    """

    def __init__(self, read: Callable[[Api], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._answers: list[T] = []
        self._problem: Problem | None = None
        self._calls: tuple[Call, ...] = ()

    def get(self, api: Api) -> T:
        """Return the answer. Raises the ``Problem`` that ended the read, to every check that needs it."""
        with self._lock:
            if self._answers or self._problem is not None:
                api.context.calls.extend(self._calls)
            else:
                self._make(api)
        if self._problem is not None:
            raise self._problem
        return self._answers[0]

    def _make(self, api: Api) -> None:
        """Read, and keep the answer or the ``Problem``. A stopped read keeps neither: the next check is stopped too."""
        # Another thread of the same check may make calls at the same time. These are no evidence of this read.
        branch = api.branch()
        try:
            self._answers.append(self._read(branch))
        except Problem as problem:
            self._problem = problem
        finally:
            self._calls = tuple(branch.context.calls)
            api.context.calls.extend(self._calls)
