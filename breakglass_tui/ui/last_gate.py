"""The last filter before the terminal: no control character leaves the app, whatever a widget draws."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
LOOKALIKE = "�"


class LastGate(LineFilter):
    """A filter for every line of every widget. ``show`` makes text safe at its source. This is the second defence."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Return the same cells, with control characters replaced."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(_tame(segment.text), segment.style, segment.control) for segment in segments]


def _tame(text: str) -> str:
    """Replace each control character by as many cells as it takes. One that takes no cell is removed."""
    return "".join(
        LOOKALIKE * cell_len(character) if unicodedata.category(character) in _STEERING else character
        for character in text
    )
