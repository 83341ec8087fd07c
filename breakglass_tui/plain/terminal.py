"""Terminal: the operator at the other end of stdin and stderr."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator

from breakglass_tui.secrets.secret import Secret

POLL_S = 0.2
ANOTHER_SCREEN, BACK = b"\x1b[?1049h\x1b[2J\x1b[H", b"\x1b[2J\x1b[?1049l"
"""A screen of its own, as full-screen programs use it: what stood there is in no scrollback."""


class PromptWithdrawn(Exception):  # noqa: N818 - not an error
    """Nobody waits for the answer any more."""


class InputEnded(PromptWithdrawn):
    """The operator closed the input: no answer will ever come."""


class Terminal:
    """Writes lines to stderr and reads lines from stdin, or from ``descriptor``.

    ``aloud`` says that lines may be read out: no pictures unasked, and nothing said over a question that is open.
    """

    def __init__(self, write: Callable[[str], None], descriptor: int | None = None, *, aloud: bool = False) -> None:
        self.write = write
        self.aloud = aloud
        self._descriptor = descriptor
        self._rest = b""
        self._holding = threading.Lock()
        self._held: list[str] | None = None

    def aside(self, line: str) -> None:
        """Write a line that asks nothing: at once, or behind the question that it would bury."""
        with self._holding:
            if self._held is None:
                self.write(line)
            else:
                self._held.append(line)

    def hold(self) -> None:
        """A question is open from now on; where lines are read out, nothing else is said before its answer."""
        with self._holding:
            self._held = (self._held or []) if self.aloud else None

    def release(self) -> None:
        """No question is open; what was said meanwhile is written."""
        with self._holding:
            held, self._held = self._held, None
            for line in held or ():
                self.write(line)

    def attached(self) -> bool:
        """Whether somebody can be asked: stdin and stderr are both terminals."""
        if self._descriptor is not None:
            return True
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()

    def line(self, over: threading.Event | None = None) -> str:
        """Return the next line without its end; raises ``PromptWithdrawn`` once ``over`` is set, ``InputEnded`` at the end.

        Reads the descriptor itself: a thread inside ``sys.stdin`` would hold up the end of the program.
        """
        return self._line(over).decode("utf-8", "replace").strip()

    def hidden(self, question: str) -> Secret:
        """A line that nobody sees while it is typed, as it was typed. Raises ``InputEnded``.

        What was typed before the question, or is pasted after the end of the line, is dropped: it would be taken for
        the answer to another question, and be shown.
        """
        with self._unseen():
            self.write(question)
            self._rest = b""
            try:
                typed = self._line(None)
            finally:
                self._rest = b""
                self.write("")
        return Secret(typed.decode("utf-8", "surrogateescape"))

    def shown_once(self, *lines: str) -> None:
        """Show ``lines`` until Enter is pressed, on a screen of their own that leaves nothing behind."""
        alone = os.environ.get("TERM", "dumb") != "dumb"
        try:
            if alone:
                _to_stderr(ANOTHER_SCREEN)
            for text in lines:
                self.write(text)
            self._line(None)
        finally:
            if alone:
                _to_stderr(BACK)

    def agrees(self, question: str) -> bool:
        """Ask once; everything but yes is no, and so is an input that has ended."""
        return self._answers(f"{question} Type yes to go on:", "y", "yes")

    def repeats(self, question: str, words: str) -> bool:
        """Ask for exactly these ``words``; anything else is no, and so is an input that has ended."""
        return self._answers(f"{question} Type the words {words} to go on:", words)

    def _answers(self, question: str, *wanted: str) -> bool:
        self.write(question)
        try:
            return self.line().casefold() in wanted
        except InputEnded:
            return False

    def _line(self, over: threading.Event | None) -> bytes:
        descriptor = self._input()
        while b"\n" not in self._rest:
            if over is not None and over.is_set():
                raise PromptWithdrawn
            if select.select([descriptor], [], [], POLL_S)[0]:
                self._rest += _part(descriptor)
        typed, _, self._rest = self._rest.partition(b"\n")
        return typed

    def _input(self) -> int:
        return sys.stdin.fileno() if self._descriptor is None else self._descriptor

    @contextlib.contextmanager
    def _unseen(self) -> Iterator[None]:
        """No echo; both changes drop what was typed and not yet read."""
        descriptor = self._input()
        before = termios.tcgetattr(descriptor)
        silent = [*before]
        silent[3] &= ~termios.ECHO

        def hush() -> None:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)

        try:
            hush()
            with _whenever_continued(hush):
                yield
        finally:
            with contextlib.suppress(termios.error):  # a terminal that was closed
                termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


@contextlib.contextmanager
def _whenever_continued(do: Callable[[], None]) -> Iterator[None]:
    """``do`` after each stop, as by ctrl+z: the shell that had the terminal meanwhile lets it echo."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears of signals
        return

    def again(*_: object) -> None:
        with contextlib.suppress(termios.error):  # a terminal that was closed
            do()

    before = signal.signal(signal.SIGCONT, again)
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, before)


def _to_stderr(codes: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), codes)


def _part(descriptor: int) -> bytes:
    try:
        part = os.read(descriptor, 4096)
    except OSError:  # a terminal that was closed
        part = b""
    if not part:
        raise InputEnded
    return part
