"""stdout is data, stderr is for people."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, TextIO


def people(*lines: str) -> None:
    """Lines on stderr. A reader that went away must not end a run half-way, so a failure to write is ignored."""
    with contextlib.suppress(OSError, ValueError):
        _write(sys.stderr, lines)


def data(*lines: str) -> None:
    """Lines on stdout; a reader that went away (as ``head`` does) has read all it wanted."""
    try:
        _write(sys.stdout, lines)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def json_text(document: Any) -> str:
    """A document for programs: ASCII, so that any locale and terminal can take it."""
    import json

    return json.dumps(document, indent=2)


def _write(stream: TextIO, lines: tuple[str, ...]) -> None:
    encoding = stream.encoding or "utf-8"
    text = "".join(f"{line}\n" for line in lines)
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
