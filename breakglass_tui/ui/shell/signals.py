"""End the app on SIGTERM, SIGHUP and SIGINT, so that Textual restores the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from types import FrameType

HANDLED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def exit_on_signals(leave: Callable[[int], None]) -> None:
    """Let the running event loop call ``leave`` with 128 + n after the signal n of ``HANDLED``.

    This is impossible outside the main thread. There the default handling stays.
    """
    for number in HANDLED:
        with contextlib.suppress(ValueError):
            _install(number, asyncio.get_running_loop(), leave)


def _install(number: int, loop: asyncio.AbstractEventLoop, leave: Callable[[int], None]) -> None:
    """Let ``loop`` call ``leave`` with the exit code after the signal ``number``.

    ``loop.add_signal_handler`` is not used, because it loses a signal that arrives when the pipe of the loop is full
    of other wake-ups (asyncio, ``set_wakeup_fd`` with ``warn_on_full_buffer=False``).
    """

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if loop.is_closed():  # the app has ended
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
            signal.raise_signal(number)
        else:
            loop.call_soon_threadsafe(leave, 128 + number)

    signal.signal(number, on_signal)
