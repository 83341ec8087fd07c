"""A remedy on one line, taken apart into its sentences and its commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(r"(?:^|(?<=: ))(?:aws|breakglass-tui|chmod|sudo|age|env|for) ")
"""A command follows a colon and a space, or is the complete remedy. Its first word is a program or ``for``."""
_END = re.compile(r"; (?=\d\) |(?![A-Z_]+=)[A-Z])| (?=\d\) )")
"""Outside quotes, a sentence or a numbered step follows. In a loop, ``; `` has a lower-case keyword after it."""
_STEP = re.compile(r"""'[^']*'?|"(?:[^"\\]|\\.)*"?|\\.|.""", re.DOTALL)
"""One step of the shell's reader: a quoted text, an escaped character, or a plain character."""


@dataclass(frozen=True, slots=True)
class RemedyPart:
    """A text, and the command that follows it, or an empty string if none follows."""

    text: str
    command: str = ""


def remedy_parts(remedy: str) -> tuple[RemedyPart, ...]:
    """Return the sentences of ``remedy`` with their commands, which are complete and can be pasted.

    ``Findings`` and the checks write remedies in this form: ``Do this: COMMAND; Do that: COMMAND``, or as numbered
    steps, ``1) Run: COMMAND 2) Edit the file.``
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
    """Return where the command that begins at ``start`` ends, and where the text after it begins."""
    place = start
    while place < len(text):
        found = _END.match(text, place)
        if found:
            return found.span()
        step = _STEP.match(text, place)
        assert step is not None
        place = step.end()
    return len(text), len(text)
