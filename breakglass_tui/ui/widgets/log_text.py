"""LogText: log lines with a hanging indent, so that the text does not wrap below the time and the name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from breakglass_tui.ui.widgets.paragraphs import JOINTS

HEAD = re.compile(r" *[0-9.]+ s  \S+ +")
"""The start of a line: the seconds, and the step or check."""
WORD = re.compile(r"\S+\s*")
LEAST_INDENT = 2
NEVER_PARTED = 30
"""Cells: a word up to this length is never split. Operation names are shorter."""


class LogText(Static):
    """Log lines in full height. Each line is wrapped once per width, because a log grows while it is on the screen."""

    def __init__(self, nothing: str, *, id: str) -> None:
        super().__init__(nothing, id=id, markup=False)
        self._nothing = nothing
        self._lines: tuple[str, ...] = ()
        self._wrapped: list[Content] = []
        self._done, self._width = 0, 0

    def tell(self, lines: Sequence[str]) -> None:
        """Show ``lines``. They must start with the lines shown before."""
        self._lines = tuple(lines)
        self.refresh(layout=True)

    def _at(self, width: int) -> list[Content]:
        if width != self._width:
            self._wrapped, self._done, self._width = [], 0, width
        for line in self._lines[self._done :]:
            self._wrapped += hung(line, width)
        self._done = len(self._lines)
        return self._wrapped or [Content(self._nothing)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """Return the number of rows at ``width``."""
        return len(self._at(max(1, width)))

    def render(self) -> Content:
        """Return the lines, wrapped to the current width."""
        return Content("\n").join(self._at(max(1, self.content_size.width)))


def hung(line: str, width: int) -> list[Content]:
    """Return the rows of ``line`` at ``width``. The hanging indent shrinks if it would split a request id."""
    head = HEAD.match(line)
    cut = head.end() if head else 0
    words = list(_words(line[cut:], max(NEVER_PARTED, width - cut)))
    longest = max((cell_len(word.rstrip()) for word in words), default=0)
    indent = " " * max(0, min(cut, max(LEAST_INDENT, width - longest)))
    rows = [line[:cut]]
    for word in words:
        if cell_len(rows[-1] + word.rstrip()) <= width:
            rows[-1] += word
        else:
            rows.append(indent + word)
    return [piece for row in rows for piece in Content(row.rstrip()).fold(width)]


def _words(text: str, room: int) -> Iterator[str]:
    """Yield words with the spaces after them. ARNs and paths longer than ``room`` are split at their joints."""
    for word in WORD.findall(text):
        yield from JOINTS.findall(word) if cell_len(word.rstrip()) > room else (word,)
