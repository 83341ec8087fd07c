"""Splits the text of a remedy into its sentences and its commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(r"(?:^|(?<=: ))(?:aws|breakglass-tui|chmod|sudo|age|env|for)(?=[ ;]|$)")
"""The start of a command: a program name or ``for``, at the start of the remedy or after a colon and a space."""
_END = re.compile(r"; (?=\d\) |(?![A-Z_]+=)[A-Z])| (?=\d\) )")
"""The end of a command: a new sentence or a numbered step follows.

Use it only outside quotes. A shell loop contains ``; `` too, but with a lower-case keyword after it.
"""
_STEP = re.compile(r"""'[^']*'?|"(?:[^"\\]|\\.)*"?|\\.|.""", re.DOTALL)
"""The next unit of shell text: a quoted text, an escaped character, or another character."""


@dataclass(frozen=True)
class RemedyPart:
    """One sentence of a remedy, and the command after it. ``command`` is empty if there is none."""

    text: str
    command: str = ""


def remedy_parts(remedy: str) -> tuple[RemedyPart, ...]:
    """Return the sentences of ``remedy`` with their commands. Each command is complete and can be pasted.

    The checks write remedies in one of two forms: ``Do this: COMMAND; Do that: COMMAND``, or numbered steps, ``1) Run:
    COMMAND 2) Edit the file.``
    """
    return tuple(_parts(remedy))


def _parts(rest: str) -> Iterator[RemedyPart]:
    while rest:
        found = _START.search(rest)
        if found is None:
            yield RemedyPart(rest)
            return
        start = found.start()
        end, following = _command_end(rest, start)
        yield RemedyPart(rest[:start].rstrip(), rest[start:end])
        rest = rest[following:]


def _command_end(text: str, start: int) -> tuple[int, int]:
    """Return two positions: the end of the command that starts at ``start``, and the start of the text after it."""
    place = start
    while place < len(text):
        found = _END.match(text, place)
        if found:
            return found.span()
        step = _STEP.match(text, place)
        assert step is not None
        place = step.end()
    return len(text), len(text)
