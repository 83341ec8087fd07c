"""Parses TOML from outside in a time that its size limits."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MOST_DOTS = 1000
"""The most dots outside texts and comments. The time that ``tomllib`` needs for a dotted key grows with its square."""
_TEXTS = re.compile(
    r'"""(?:\\.|[^\\])*?"""|' + r"'''.*?'''|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*", re.DOTALL
)


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table of ``text``. Raises ``ValueError`` if it is not TOML, and ``RecursionError`` if it is deep."""
    if text.count(".") > MOST_DOTS and _TEXTS.sub("", text).count(".") > MOST_DOTS:
        raise ValueError(f"Its keys have more than {MOST_DOTS} dots")
    return tomllib.loads(text)
