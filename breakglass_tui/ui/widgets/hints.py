"""The line of keys at the bottom of a dialog. Its entries look as in a footer and can be clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content

ARROWS = "↑↓←→"
KEY = rf"(?:esc|enter|tab|space|PgUp|PgDn|f\d+|ctrl\+[a-z]|[{ARROWS}]+|[a-zA-Z])"
SAID = re.compile(rf"(?:^|(?<= {{3}})|(?<= · )) *(?P<keys>{KEY}(?: {KEY})*) +\S.*?(?= {{3}}| · |$)")
"""Matches one entry, such as "esc close": keys, then their action. Three spaces or `` · `` separate entries."""
NAMES = {"esc": "escape"}


def hint(line: str) -> Content:
    """Return ``line`` with the names of keys in the accent colour."""
    said = Content(line)
    for found in SAID.finditer(line):
        said = said.stylize("bold $accent", *found.span("keys"))
    return said


def said_keys(line: str) -> Iterator[tuple[range, str]]:
    """Yield the columns of each entry of ``line``, and the key that a click on it means.

    The key is the first one of the entry. Entries that begin with an arrow are left out.
    """
    for found in SAID.finditer(line):
        key, *_ = found["keys"].split()
        if key[0] not in ARROWS:
            yield range(found.start("keys"), found.end()), NAMES.get(key, key)
