"""stdout is data, stderr is for people; nothing that steers a terminal gets to either."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO

from breakglass_tui.domain.problems import Kind, Problem

ASCII = str.maketrans({"…": "...", "→": "->", "·": "-", "–": "-", "—": "-", "×": "x"})
"""Our own signs for a terminal that does not have them."""


def people(*lines: str) -> None:
    """Lines on stderr. A reader that went away must not end a run half-way, so a failure to write is ignored."""
    with contextlib.suppress(OSError, ValueError):
        _write(sys.stderr, lines)


def data(*lines: str) -> None:
    """Lines on stdout; a reader that went away (as ``head`` does) has read all it wanted.

    Raises ``Problem`` when they cannot be written for another reason.
    """
    try:
        _write(sys.stdout, lines)
    except BrokenPipeError:
        _drop(sys.stdout)
    except OSError as error:
        _drop(sys.stdout)
        why = f"The system says: {error.strerror or type(error).__name__}."
        next = "What was done is done: see the lines above, or breakglass-tui runs."
        raise Problem("The result cannot be written to stdout.", why=why, next=next, kind=Kind.UNEXPECTED) from None


def open_all() -> None:
    """A stream this process was started without must not become the number of the next file that is opened."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one


def _write(stream: TextIO | None, lines: tuple[str, ...]) -> None:
    """Write, unless the process was started with this stream closed."""
    if stream is None:
        return
    from breakglass_tui.domain.text import harmless

    encoding = getattr(stream, "encoding", None) or "utf-8"  # what Textual puts in its place has none
    text = harmless("".join(f"{line}\n" for line in lines))
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(ASCII).encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)
    stream.flush()


def _drop(stream: TextIO) -> None:
    """From now on nothing that is written there goes anywhere."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
