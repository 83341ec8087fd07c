"""A closed terminal must not block the program: output to it is dropped."""

from __future__ import annotations

import contextlib
from typing import Any, TextIO

from textual.driver import Driver

from breakglass_tui.ui.shell.part import Part


class Forgiving:
    """A text stream that ignores errors when the other end is closed.

    Textual's writer thread ends at the first error, and then the whole app waits for its queue to drain.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write ``text``, or drop it after an error."""
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, or ignore the error."""
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class OutlivesTerminal(Part):
    """Draws through a ``Forgiving`` stream."""

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's own driver with a ``Forgiving`` stream."""
        chosen = super().get_driver_class()

        class ForgivingDriver(chosen):  # type: ignore[misc, valid-type] # the base is chosen at run time
            def __init__(self, *args: Any, **options: Any) -> None:
                super().__init__(*args, **options)
                stream: Any = vars(self)["_file"]
                self._file = Forgiving(stream)

        return ForgivingDriver
