"""SignalsExit: ends the app on SIGTERM, SIGHUP and SIGINT, so that Textual restores the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from types import FrameType

from breakglass_tui.ui.shell.part import Part

HANDLED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class SignalsExit(Part):
    """App mixin that exits after signal n with the exit code 128 + n."""

    def on_mount(self) -> None:
        """Install the signal handlers.

        This is impossible outside the main thread. There the default handling stays.
        """
        for number in HANDLED:
            with contextlib.suppress(ValueError):
                _install(number, asyncio.get_running_loop(), self.leave_on_signal)

    def leave_on_signal(self, return_code: int) -> None:
        """Exit with ``return_code``."""
        self.exit(return_code=return_code)


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
