"""Orderly handling of Ctrl+C, SIGTERM and a closed terminal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """A context manager in which the first signal calls an action, and the program then continues to its own end.

    Until an action is set, a signal raises ``KeyboardInterrupt``. ``hit`` is whether a signal has arrived. ``write``
    prints a line for the operator.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._action: Callable[[], None] | None = None
        self._before: dict[int, Any] = {}
        self._threads: list[threading.Thread] = []
        self.hit = False

    def on_signal(self, action: Callable[[], None]) -> None:
        """Set the action that a signal calls. If a signal has arrived already, call the action at once."""
        self._action = action
        if self.hit:
            action()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        again, self.hit = self.hit, True
        if again:
            self._start(lambda: self._write("still stopping, please wait"))
        elif self._action is None:
            raise KeyboardInterrupt
        else:
            self._start(self._action)
            self._start(lambda: self._write("stopping: the current calls finish first"))

    def _start(self, action: Callable[[], None]) -> None:
        """Call ``action`` in a thread, because the interrupted code may hold a lock that the action needs."""
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
