"""Terminal: the operator at the other end of stdin and stderr."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable

POLL_S = 0.2


class Withdrawn(Exception):  # noqa: N818 - not an error
    """Nobody waits for the answer any more."""


class InputEnded(Withdrawn):
    """The operator closed the input: no answer will ever come."""


class Terminal:
    """Writes lines to stderr and reads lines from stdin, or from ``descriptor``."""

    def __init__(self, write: Callable[[str], None], descriptor: int | None = None) -> None:
        self.write = write
        self._descriptor = descriptor
        self._rest = b""

    def attached(self) -> bool:
        """Whether somebody can be asked: stdin and stderr are both terminals."""
        if self._descriptor is not None:
            return True
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()

    def line(self, over: threading.Event | None = None) -> str:
        """The next line without its end. Raises ``Withdrawn`` once ``over`` is set, ``InputEnded`` if none will come.

        Reads the descriptor itself: a thread inside ``sys.stdin`` would hold up the end of the program.
        """
        descriptor = sys.stdin.fileno() if self._descriptor is None else self._descriptor
        while b"\n" not in self._rest:
            if over is not None and over.is_set():
                raise Withdrawn
            if select.select([descriptor], [], [], POLL_S)[0]:
                self._rest += _part(descriptor)
        typed, _, self._rest = self._rest.partition(b"\n")
        return typed.decode("utf-8", "replace").strip()

    def agrees(self, question: str) -> bool:
        """Ask once; everything but yes is no, and so is an input that has ended."""
        self.write(f"{question} Type yes to go on:")
        try:
            return self.line().casefold() in ("y", "yes")
        except InputEnded:
            return False


def _part(descriptor: int) -> bytes:
    try:
        part = os.read(descriptor, 4096)
    except OSError:  # a terminal that was closed
        part = b""
    if not part:
        raise InputEnded
    return part
