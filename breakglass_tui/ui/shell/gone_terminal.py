"""OutlivesTerminal: keeps the App from blocking when its terminal is closed."""

from __future__ import annotations

import contextlib
from typing import Any, TextIO

from textual.driver import Driver

from breakglass_tui.ui.shell.part import Part


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


class OutlivesTerminal(Part):
    """App mixin that writes to the terminal through a ``Forgiving`` stream."""

    def get_driver_class(self) -> type[Driver]:
        """Return a subclass of Textual's driver that writes through a ``Forgiving`` stream."""
        chosen = super().get_driver_class()

        class ForgivingDriver(chosen):  # type: ignore[misc, valid-type] # the base is chosen at run time
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                stream: Any = vars(self)["_file"]
                self._file = Forgiving(stream)

        return ForgivingDriver
