"""OutlivesTerminal: ends the App when its terminal is closed, and keeps it from blocking until then."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from codecs import getincrementaldecoder
from typing import Any, TextIO

from textual._xterm_parser import XTermParser  # its driver has no public way to see the end of the input
from textual.driver import Driver

from breakglass_tui.ui.shell.app_mixin import AppMixin
from breakglass_tui.ui.shell.signals import exit_on_signals

WAIT_S = 0.1
"""Seconds after which a lone ESC counts as a key, and after which the end of the App is noticed, as in Textual."""
CHUNK_BYTES = 4096


class Forgiving:
    """A text stream that ignores write errors, such as those of a closed terminal.

    Textual writes in a thread, which ends at the first error. Then the app would block when the queue of that thread is
    full.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write ``text``. If the terminal is closed, drop it."""
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush the stream. If the terminal is closed, do nothing."""
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class OutlivesTerminal(AppMixin):
    """App mixin that writes to the terminal through a ``Forgiving`` stream.

    It ends when the terminal is gone, and after a signal n with the exit code 128 + n.
    """

    def on_mount(self) -> None:
        """Install the signal handlers."""
        exit_on_signals(self.leave_on_signal)

    def leave_on_signal(self, return_code: int) -> None:
        """Exit with ``return_code``."""
        self.exit(return_code=return_code)

    def get_driver_class(self) -> type[Driver]:
        """Return a subclass of Textual's driver for a terminal that can be closed at any moment."""
        chosen = super().get_driver_class()
        leave = self.leave_on_signal

        class ForgivingDriver(chosen):  # type: ignore[misc, valid-type] # the base is chosen at run time
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                stream: Any = vars(self)["_file"]
                self._file = Forgiving(stream)

            def _sigcont_application(self, *arguments: Any) -> None:
                # A terminal that is closed sends SIGCONT too (tty_ioctl(4), vhangup(2)). Textual would start a second
                # thread for the input, which nothing ends.
                if self._must_signal_resume:
                    super()._sigcont_application(*arguments)

            def run_input_thread(self) -> None:
                """Read the terminal until the App ends. If the terminal is gone, end the App.

                Textual's own method reads a closed terminal again and again, and ends the App at a byte that is not
                UTF-8.
                """
                parser = XTermParser(self._debug)
                decode = getincrementaldecoder("utf-8")(errors="replace").decode
                while not self.exit_event.is_set():
                    if select.select([self.fileno], [], [], WAIT_S)[0]:
                        data = _read(self.fileno)
                        if not data:
                            with contextlib.suppress(RuntimeError):  # the loop is closed, so the App has ended
                                self._loop.call_soon_threadsafe(leave, 128 + signal.SIGHUP)
                            return
                        for event in parser.feed(decode(data)):
                            self.process_message(event)
                    for event in parser.tick():
                        self.process_message(event)

        return ForgivingDriver


def _read(terminal: int) -> bytes:
    """Return the next bytes of ``terminal``, or nothing if it is gone."""
    try:
        return os.read(terminal, CHUNK_BYTES)
    except OSError:
        return b""
