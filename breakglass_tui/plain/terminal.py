"""``Terminal``, which asks the operator on stdin and stderr."""

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
"""The interval in seconds at which a read checks whether its question was withdrawn."""
SECOND_SCREEN, FIRST_SCREEN = b"\x1b[?1049h\x1b[2J\x1b[H", b"\x1b[2J\x1b[?1049l"
"""The codes that open and close the alternate screen. Its content does not reach the scrollback."""


class PromptWithdrawn(Exception):  # noqa: N818 - not an error
    """The question was withdrawn, because its answer is no longer needed."""


class InputEnded(PromptWithdrawn):
    """The input has ended, so no answer will come."""


class Terminal:
    """Writes lines to stderr and reads lines from stdin, or from the file ``descriptor``.

    ``aloud`` means that a screen reader may read the lines. Then pictures are shown only on request, and messages wait
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
        """Write a line that is not part of a question. With ``aloud``, it waits while a question is open."""
        with self._lock:
            if self._delayed is None:
                self.write(line)
            else:
                self._delayed.append(line)

    def begin_question(self) -> None:
        """Begin a question. With ``aloud``, messages wait until ``end_question``."""
        with self._lock:
            self._delayed = (self._delayed or []) if self.aloud else None

    def end_question(self) -> None:
        """End a question, and write the messages that have waited."""
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
        """Return the next line without its end. Raises ``PromptWithdrawn`` if ``over`` is set, and ``InputEnded``.

        It reads the descriptor itself, because a thread that waits in ``sys.stdin`` would delay the end of the program.
        """
        return self._line(over).decode("utf-8", "replace").strip()

    def read_hidden(self, question: str) -> Secret:
        """Ask ``question`` and return the next line exactly as typed, without showing it. Raises ``InputEnded``.

        Text that was typed before the question or pasted after the line is discarded. Otherwise it would answer the
        next question and be shown.
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
        """Show ``lines`` until the operator presses Enter, on the alternate screen if there is one.

        Raises ``InputEnded``.
        """
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
        """Ask ``question`` once and return whether the answer is yes. The end of the input counts as no."""
        return self._answers(f"{question} Type yes to continue:", "y", "yes")

    def confirm_words(self, question: str, words: str) -> bool:
        """Ask ``question`` once and return whether the answer is exactly ``words``.

        The end of the input counts as no.
        """
        return self._answers(f'{question} Type "{words}" to continue:', words)

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
        """Turn off the echo of the terminal during a with block.

        Both changes of the echo discard input that was typed and not yet read.
        """
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
    """Call ``do`` each time the process continues after a stop such as ctrl+z.

    The shell that has the terminal during the stop turns the echo on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # Python delivers signals only to the main thread
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
