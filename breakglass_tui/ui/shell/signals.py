"""SignalsExit: ends the app on SIGTERM, SIGHUP and SIGINT, so that Textual restores the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from breakglass_tui.ui.shell.part import Part

HANDLED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class SignalsExit(Part):
    """App mixin that exits after signal n with the exit code 128 + n."""

    def on_mount(self) -> None:
        """Install the signal handlers.

        This is impossible outside the main thread. There the default handling stays.
        """
        loop = asyncio.get_running_loop()
        for number in HANDLED:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.leave_on_signal, 128 + number)

    def leave_on_signal(self, return_code: int) -> None:
        """Exit with ``return_code``."""
        self.exit(return_code=return_code)
