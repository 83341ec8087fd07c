"""The operator's terminal: stdin and stderr."""

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
SECOND_SCREEN, FIRST_SCREEN = b"\x1b[?1049h\x1b[2J\x1b[H", b"\x1b[2J\x1b[?1049l"
"""The alternate screen of full-screen programs. Its content never reaches the scrollback."""


class PromptWithdrawn(Exception):  # noqa: N818 - not an error
    """The answer is no longer needed."""


class InputEnded(PromptWithdrawn):
    """The operator closed the input, so no answer will come."""


class Terminal:
    """Writes lines to stderr and reads lines from stdin, or from ``descriptor``.

    ``aloud`` means that a screen reader may read the lines: no pictures without a request for them, and no messages
    while a question is open.
    """

    def __init__(self, write: Callable[[str], None], descriptor: int | None = None, *, aloud: bool = False) -> None:
        self.write = write
        self.aloud = aloud
        self._descriptor = descriptor
        self._rest = b""
        self._lock = threading.Lock()
        self._delayed: list[str] | None = None

    def write_message(self, line: str) -> None:
        """Write a line that is not a question: at once, or after a question that is open."""
        with self._lock:
            if self._delayed is None:
                self.write(line)
            else:
                self._delayed.append(line)

    def begin_question(self) -> None:
        """Delay messages until ``end_question``, if a screen reader may read them."""
        with self._lock:
            self._delayed = (self._delayed or []) if self.aloud else None

    def end_question(self) -> None:
        """Write the delayed messages, and delay no more of them."""
        with self._lock:
            delayed, self._delayed = self._delayed, None
            for line in delayed or ():
                self.write(line)

    def attached(self) -> bool:
        """Return whether there is an operator to ask: stdin and stderr are both terminals."""
        if self._descriptor is not None:
            return True
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()

    def read_line(self, over: threading.Event | None = None) -> str:
        """Return the next line without its end. Raises ``PromptWithdrawn`` once ``over`` is set, or ``InputEnded``.

        It reads the descriptor itself, because a thread inside ``sys.stdin`` would delay the end of the program.
        """
        return self._line(over).decode("utf-8", "replace").strip()

    def read_hidden(self, question: str) -> Secret:
        """Ask, and return the next line exactly as it was typed, without showing it. Raises ``InputEnded``.

        Text that was typed before the question, or pasted after the end of the line, is discarded. It would answer
        another question and be shown.
        """
        with self._echo_off():
            self.write(question)
            self._rest = b""
            try:
                typed = self._line(None)
            finally:
                self._rest = b""
                self.write("")
        return Secret(typed.decode("utf-8", "surrogateescape"))

    def has_second_screen(self) -> bool:
        """Return whether the terminal has an alternate screen, which leaves nothing in the scrollback."""
        return os.environ.get("TERM", "dumb") != "dumb"

    def show_until_enter(self, *lines: str) -> None:
        """Show ``lines`` until the operator presses Enter, on the alternate screen if there is one."""
        second = self.has_second_screen()
        try:
            if second:
                _to_stderr(SECOND_SCREEN)
            for text in lines:
                self.write(text)
            self._line(None)
        finally:
            if second:
                _to_stderr(FIRST_SCREEN)

    def confirm(self, question: str) -> bool:
        """Ask once. Everything but yes means no, and so does the end of the input."""
        return self._answers(f"{question} Type yes to continue:", "y", "yes")

    def confirm_words(self, question: str, words: str) -> bool:
        """Ask for exactly these ``words``. Everything else means no, and so does the end of the input."""
        return self._answers(f"{question} Type the words {words} to continue:", words)

    def _answers(self, question: str, *wanted: str) -> bool:
        self.write(question)
        try:
            return self.read_line().casefold() in wanted
        except InputEnded:
            return False

    def _line(self, over: threading.Event | None) -> bytes:
        descriptor = self._input()
        while b"\n" not in self._rest:
            if over is not None and over.is_set():
                raise PromptWithdrawn
            if select.select([descriptor], [], [], POLL_S)[0]:
                self._rest += _read_part(descriptor)
        typed, _, self._rest = self._rest.partition(b"\n")
        return typed

    def _input(self) -> int:
        return sys.stdin.fileno() if self._descriptor is None else self._descriptor

    @contextlib.contextmanager
    def _echo_off(self) -> Iterator[None]:
        """Switch the echo off and on again. Both changes discard input that was typed and not yet read."""
        descriptor = self._input()
        before = termios.tcgetattr(descriptor)
        silent = [*before]
        silent[3] &= ~termios.ECHO

        def switch_off() -> None:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)

        try:
            switch_off()
            with _after_each_stop(switch_off):
                yield
        finally:
            with contextlib.suppress(termios.error):  # the terminal was closed
                termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


@contextlib.contextmanager
def _after_each_stop(do: Callable[[], None]) -> Iterator[None]:
    """Call ``do`` after each stop, as by ctrl+z: the shell that had the terminal meanwhile switches the echo on."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives signals
        return

    def again(*_: object) -> None:
        with contextlib.suppress(termios.error):  # the terminal was closed
            do()

    before = signal.signal(signal.SIGCONT, again)
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, before)


def _to_stderr(codes: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), codes)


def _read_part(descriptor: int) -> bytes:
    try:
        part = os.read(descriptor, 4096)
    except OSError:  # the terminal was closed
        part = b""
    if not part:
        raise InputEnded
    return part
