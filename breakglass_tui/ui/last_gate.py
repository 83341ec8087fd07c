"""The last gate before the terminal: whatever a widget draws, no control character leaves the app with it."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LOOKALIKE = "�"


class LastGate(LineFilter):
    """Every line of every widget passes here. Text is made safe by ``show`` where it comes in; this is the net."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The same cells, those that would steer the terminal replaced."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(_tame(segment.text), segment.style, segment.control) for segment in segments]


def _tame(text: str) -> str:
    """One that takes no cell is left out, or what stands behind it would move."""
    return "".join(
        LOOKALIKE * cell_len(character) if unicodedata.category(character) in _STEERING else character
        for character in text
    )
