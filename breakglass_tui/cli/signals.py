"""Interrupts: Ctrl+C, SIGTERM and a closed terminal ask for a tidy end instead of a sudden one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """While entered, the first signal runs the present action; the program itself goes on to its own end.

    As long as there is no action, nothing has begun that would need one, and a signal is a ``KeyboardInterrupt``.
    """

    def __init__(self, said: Callable[[str], None]) -> None:
        self._said = said
        self._action: Callable[[], None] | None = None
        self._before: dict[int, Any] = {}
        self._threads: list[threading.Thread] = []
        self.hit = False

    def to(self, action: Callable[[], None]) -> None:
        """From now on a signal means ``action``; at once, if one has come already."""
        self._action = action
        if self.hit:
            action()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        again, self.hit = self.hit, True
        if again:
            self._begin(lambda: self._said("still ending; please wait"))
        elif self._action is None:
            raise KeyboardInterrupt
        else:
            self._begin(self._action)
            self._begin(lambda: self._said("interrupted: the calls in flight end first"))

    def _begin(self, action: Callable[[], None]) -> None:
        """In a thread: the signal may have come while this one holds a lock that the action wants."""
        thread = threading.Thread(target=action, name="breakglass-signal")
        self._threads.append(thread)
        thread.start()

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for thread in self._threads:
            thread.join()
