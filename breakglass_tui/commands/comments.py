"""Comments in the bash script and in the Terraform file, which both begin with ``#``."""

from __future__ import annotations

import re
import textwrap

from breakglass_tui.domain.text import show

WIDTH = 72
"""The number of characters at which the text of a comment is wrapped."""
LIMIT = 4096
"""The maximum number of characters of a line. The rest is cut."""
_LABEL = re.compile(r" *(?:\S+(?: \S+)? {2,})?")
"""Matches the indentation of a line, and a label of one or two words that two spaces separate from the text."""


def comment(text: str) -> str:
    """Return each line of ``text`` as a comment, wrapped between words. Control characters are escaped."""
    return "\n".join(f"# {line}".rstrip() for item in text.split("\n") for line in _wrapped(show(item, LIMIT)))


def command_comment(command: str) -> str:
    """Return a command as an indented comment that is not wrapped, so that it can be copied and pasted."""
    return "\n".join(f"#   {show(line, LIMIT)}" for line in command.split("\n"))


def _wrapped(item: str) -> list[str]:
    label = _LABEL.match(item)
    indent = " " * (label.end() if label else 0)
    lines = textwrap.wrap(item, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return lines or [""]
