"""Interrupts: Ctrl+C, SIGTERM and a closed terminal ask for a tidy end instead of a sudden one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """While entered, the first signal runs the present action; the program itself goes on to its own end."""

    def __init__(self, said: Callable[[str], None]) -> None:
        self._said = said
        self._action: Callable[[], None] | None = None
        self._before: dict[int, Any] = {}
        self.hit = False

    def to(self, action: Callable[[], None]) -> None:
        """From now on a signal means ``action``; at once, if one has come already."""
        self._action = action
        if self.hit:
            action()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        again, self.hit = self.hit, True
        if self._action is not None and not again:
            # In a thread: the signal may have come while this one holds a lock that the action wants.
            threading.Thread(target=self._action, name="breakglass-stop", daemon=True).start()
        text = "still ending; please wait" if again else "interrupted: the calls in flight end first"
        threading.Thread(target=self._said, args=(text,), name="breakglass-say", daemon=True).start()

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
