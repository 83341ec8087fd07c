"""The line of keys at the foot of a dialog; keys look as they do in a footer, and can be clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content

ARROWS = "↑↓←→"
KEY = rf"(?:esc|enter|tab|space|PgUp|PgDn|f\d+|ctrl\+[a-z]|[{ARROWS}]+|[a-zA-Z])"
SAID = re.compile(rf"(?:^|(?<= {{3}})|(?<= · )) *(?P<keys>{KEY}(?: {KEY})*) +\S.*?(?= {{3}}| · |$)")
"""Keys and what they do; what comes next stands three spaces or a dot further on."""
NAMES = {"esc": "escape"}


def hint(line: str) -> Content:
    """``line`` with its keys in the accent."""
    said = Content(line)
    for found in SAID.finditer(line):
        said = said.stylize("bold $accent", *found.span("keys"))
    return said


def said_keys(line: str) -> Iterator[tuple[range, str]]:
    """The first key of each entry of ``line`` but for arrows, and the cells in which it stands with what it does."""
    for found in SAID.finditer(line):
        key, *_ = found["keys"].split()
        if key[0] not in ARROWS:
            yield range(found.start("keys"), found.end()), NAMES.get(key, key)
