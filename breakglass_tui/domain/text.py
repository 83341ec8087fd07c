"""Foreign text made safe to look at."""

from __future__ import annotations

import unicodedata
from typing import Any

LONGEST = 512
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS_IN_A_ROW = 3
_INVISIBLE = (
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180F, 0x2800, 0x3164, 0xFFA0),  # fillers and joiners
    *range(0x180B, 0x180E),  # variation selectors: Mongolian, the common ones, the supplement
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
)
"""Drawn as nothing, though Unicode calls them letters, marks or symbols (Default_Ignorable_Code_Point)."""
_OF_ANY_WIDTH = (*range(0x1F1E6, 0x1F200), *range(0x1F3FB, 0x1F400))
"""Halves of flags and tones of skin: terminals do not agree how many cells they take, and columns would break."""
_SPELLED = frozenset(map(chr, (*_INVISIBLE, *_OF_ANY_WIDTH)))


def show(text: str, limit: int = LONGEST) -> str:
    """``text`` on one line, with every character that could steer a terminal or hide another spelled out.

    Control, format (bidi, zero-width), invisible, surrogate and unassigned characters become ``\\x1b``-like escapes,
    stacked combining marks are cut, and what would take more than ``limit`` characters ends in an ellipsis. What has
    been through here once stays as it is.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    room, marks = limit, 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if marks > _MARKS_IN_A_ROW:
            continue
        stray = marks and not out
        piece = _spelled(character) if category in _UNSAFE or character in _SPELLED or stray else character
        if len(piece) > room:
            return "".join(out) + "…"
        out.append(piece)
        room -= len(piece)
    return "".join(out)


def escape_controls(text: str) -> str:
    """``text`` whole, its line breaks kept, and nothing in it that could steer a terminal.

    The last step before a stream, whoever wrote the text; foreign words in it have been through ``show`` before.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or unicodedata.category(c) not in _UNSAFE else _spelled(c) for c in text)


def json_text(document: Any) -> str:
    """A document for programs, in printable ASCII, so that any locale and terminal can take it."""
    import json

    # The one control character that JSON lets stand as it is.
    return json.dumps(document, indent=2).replace("\x7f", "\\u007f")


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
