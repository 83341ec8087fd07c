"""Handle SIGTERM, SIGHUP and SIGINT, and restore the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from breakglass_tui.ui.shell.part import Part

HANDLED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class SignalsExit(Part):
    """Exits with code 128 + n after signal n."""

    def on_mount(self) -> None:
        """Install the handlers. If that is impossible (in another thread's loop), the default stays."""
        loop = asyncio.get_running_loop()
        for number in HANDLED:
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.leave_on_signal, 128 + number)

    def leave_on_signal(self, return_code: int) -> None:
        """End the app."""
        self.exit(return_code=return_code)
