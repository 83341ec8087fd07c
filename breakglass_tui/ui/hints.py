"""The line of keys at the foot of a dialog; keys look as they do in a footer."""

from __future__ import annotations

import re

from textual.content import Content

KEY = r"(?:esc|enter|tab|PgUp|PgDn|f\d+|ctrl\+[a-z]|[↑↓←→]+|[a-zA-Z])"
SAID = re.compile(rf"(?:^|(?<=   )|(?<= · ))({KEY}(?: {KEY})*)(?= )")
"""Keys before what they do; what comes next stands three spaces or a dot further on."""


def hint(line: str) -> Content:
    """``line`` with its keys in the accent."""
    said = Content(line)
    for found in SAID.finditer(line):
        said = said.stylize("bold $accent", *found.span())
    return said
