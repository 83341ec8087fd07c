"""Functions that make text from outside the program safe to show on a terminal."""

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
"""Code points that are drawn as nothing, although their Unicode category is letter, mark or symbol.

Source: Unicode property Default_Ignorable_Code_Point.
"""
_OF_ANY_WIDTH = (*range(0x1F1E6, 0x1F200), *range(0x1F3FB, 0x1F400))
"""Code points of flags and skin tones. Terminals draw them with different widths, which breaks columns."""
_SPELLED = frozenset(map(chr, (*_INVISIBLE, *_OF_ANY_WIDTH)))


def show(text: str, limit: int = LONGEST) -> str:
    """Return ``text`` on one line, with an escape in place of each character that controls a terminal or is invisible.

    Control, format (bidi, zero-width), invisible, surrogate and unassigned characters become escapes such as ``\\x1b``.
    Combining marks after the third in a row are dropped. A result longer than ``limit`` characters is cut and ends in
    an ellipsis. A second call with the result returns it unchanged.
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
    """Return ``text`` with its line breaks. Other characters that control a terminal become escapes. Nothing is cut.

    Use it as the last step before a stream. Text from outside has already passed ``show``.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(c if c == "\n" or unicodedata.category(c) not in _UNSAFE else _spelled(c) for c in text)


def json_text(document: Any) -> str:
    """Return ``document`` as indented JSON in printable ASCII, which every locale and terminal can show."""
    import json

    # JSON escapes all other control characters, but not this one.
    return json.dumps(document, indent=2).replace("\x7f", "\\u007f")


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
