"""Foreign text made safe to look at."""

from __future__ import annotations

import unicodedata

LONGEST = 512
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS_IN_A_ROW = 3


def show(text: str, limit: int = LONGEST) -> str:
    """``text`` with every character that could steer a terminal or hide another spelled out.

    Control, format (bidi, zero-width), surrogate and unassigned characters become ``\\x1b``-like escapes,
    stacked combining marks are cut, and what is longer than ``limit`` characters ends in an ellipsis.
    """
    out: list[str] = []
    marks = 0
    for character in text[: limit + 1]:
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if category in _UNSAFE:
            out.append(character.encode("unicode_escape").decode("ascii"))
        elif marks <= _MARKS_IN_A_ROW:
            out.append(character)
    if len(text) > limit:
        return "".join(out[:limit]) + "…"
    return "".join(out)
