"""A line filter that replaces control characters just before the terminal, whatever a widget draws."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LOOKALIKE = "�"


class ControlCharacters(LineFilter):
    """A filter that Textual applies to every line of every widget. It replaces control characters.

    ``domain.text.show`` makes text safe before a widget gets it. This filter is the second defence.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Return ``segments`` with each control character replaced by ``LOOKALIKE``.

        The number of columns is unchanged.
        """
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(_tame(segment.text), segment.style, segment.control) for segment in segments]


def _tame(text: str) -> str:
    """Return ``text`` with each control character replaced by ``LOOKALIKE``, or removed if it occupies no column."""
    return "".join(
        LOOKALIKE * cell_len(character) if unicodedata.category(character) in _STEERING else character
        for character in text
    )
