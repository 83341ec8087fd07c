"""Comments of scripts and Terraform files: both begin them with the same sign."""

from __future__ import annotations

import re
import textwrap

from breakglass_tui.domain.text import show

WIDTH = 72
_LABEL = re.compile(r" *(?:\S+(?: \S+)? {2,})?")
"""What the following lines of an item are indented by: its own indent, and a label with two spaces behind it."""


def comment(text: str) -> str:
    """Each line as a comment, broken between words; nothing that stands in it can leave it."""
    return "\n".join(f"# {line}".rstrip() for item in text.split("\n") for line in _lines(show(item, 4096)))


def _lines(item: str) -> list[str]:
    label = _LABEL.match(item)
    indent = " " * (label.end() if label else 0)
    broken = textwrap.wrap(item, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return broken or [""]
