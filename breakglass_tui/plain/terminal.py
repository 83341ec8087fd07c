"""Terminal: the operator at the other end of stdin and stderr."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable

POLL_S = 0.2


class Withdrawn(Exception):  # noqa: N818 - not an error
    """Nobody waits for the answer any more, or the operator closed the input."""


class Terminal:
    """Writes lines to stderr and reads lines from stdin, from a thread that can be called off."""

    def __init__(self, write: Callable[[str], None], descriptor: int | None = None) -> None:
        self.write = write
        self._descriptor = descriptor
        self._over = threading.Event()
        self._rest = b""

    @staticmethod
    def attached() -> bool:
        """Whether somebody can be asked: stdin and stderr are both terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()

    def close(self) -> None:
        """Call off whoever reads."""
        self._over.set()

    def line(self) -> str:
        """The next line without its end. Raises ``Withdrawn``.

        Reads the descriptor itself: a thread inside ``sys.stdin`` would hold up the end of the program.
        """
        descriptor = sys.stdin.fileno() if self._descriptor is None else self._descriptor
        while b"\n" not in self._rest:
            if self._over.is_set():
                raise Withdrawn
            if select.select([descriptor], [], [], POLL_S)[0]:
                part = os.read(descriptor, 4096)
                if not part:
                    raise Withdrawn
                self._rest += part
        typed, _, self._rest = self._rest.partition(b"\n")
        return typed.decode("utf-8", "replace").strip()

    def agrees(self, question: str) -> bool:
        """Ask once; everything but yes is no."""
        self.write(f"{question} Type yes to go on:")
        return self.line().casefold() in ("y", "yes")
