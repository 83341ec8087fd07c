"""Output: results on stdout, messages on stderr. Control characters are escaped on both."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from breakglass_tui.domain.problems import Kind, Problem

ASCII = str.maketrans({"…": "...", "→": "->", "·": "-", "–": "-", "—": "-", "×": "x"})
"""Replacements of the program's own signs, for a terminal that cannot show them."""


def to_stderr(*lines: str) -> None:
    """Write messages. A failure is ignored, because a reader that closed the pipe must not end a run."""
    with contextlib.suppress(OSError, ValueError):
        _write(sys.stderr, lines)


def warn(*texts: str) -> None:
    """Write each text as a warning on stderr."""
    to_stderr(*(f"breakglass-tui: warning: {text}" for text in texts))


def to_stdout(*lines: str) -> None:
    """Write a result. If the reader closed the pipe, as ``head`` does, the rest is discarded.

    Raises ``Problem`` if the lines cannot be written for any other reason.
    """
    try:
        _write(sys.stdout, lines)
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError as error:
        _discard(sys.stdout)
        why = f"The system reports: {error.strerror or type(error).__name__}."
        next = "The command has finished its work: see the lines above, or breakglass-tui runs."
        raise Problem("The result cannot be written to stdout.", why=why, next=next, kind=Kind.UNEXPECTED) from None


def open_missing() -> None:
    """Open /dev/null for each standard stream that is closed, so that no other file gets its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the system takes the lowest free number, which is ``number``


def _write(stream: TextIO | None, lines: tuple[str, ...]) -> None:
    """Write ``lines`` to ``stream``, or do nothing if it is None (the process was started with this stream closed)."""
    if stream is None:
        return
    from breakglass_tui.domain.text import escape_controls

    encoding = getattr(stream, "encoding", None) or "utf-8"  # the stream that Textual puts in its place has none
    text = escape_controls("".join(f"{line}\n" for line in lines))
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(ASCII).encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)
    stream.flush()


def _discard(stream: TextIO) -> None:
    """Redirect ``stream`` to /dev/null from now on."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
