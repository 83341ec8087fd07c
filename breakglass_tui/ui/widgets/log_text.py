"""LogText: shows the lines of the log. A line that wraps continues below its text, not below its time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from breakglass_tui.ui.widgets.paragraphs import JOINTS

HEAD = re.compile(r" *[0-9.]+ s  \S+ +")
"""Matches the start of a log line: the seconds, and the id of the step or check."""
WORD = re.compile(r"\S+\s*")
LEAST_INDENT = 2
NEVER_PARTED = 30
"""A word of at most this many cells is never split. The names of AWS operations are shorter."""


class LogText(Static):
    """A widget with all lines of the log, or the text ``nothing`` while there are none.

    Each line is wrapped only once for each width, because the log grows while it is on the screen.
    """

    def __init__(self, nothing: str, *, id: str) -> None:
        super().__init__(nothing, id=id, markup=False)
        self._nothing = nothing
        self._lines: tuple[str, ...] = ()
        self._wrapped: list[Content] = []
        self._done, self._width = 0, 0

    def show(self, lines: Sequence[str]) -> None:
        """Show ``lines``. They must begin with the lines shown before."""
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
        """Return the number of rows that the lines take at ``width`` cells."""
        return len(self._at(max(1, width)))

    def render(self) -> Content:
        """Return the lines, wrapped to the current width."""
        return Content("\n").join(self._at(max(1, self.content_size.width)))


def hung(line: str, width: int) -> list[Content]:
    """Return the rows of ``line`` at ``width`` cells. Rows after the first are indented to the text of the line.

    The indent is smaller if a long word, such as a request id, would not fit otherwise.
    """
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
    """Yield the words of ``text``, each with the spaces after it.

    A word longer than ``room`` cells is split after / or :.
    """
    for word in WORD.findall(text):
        yield from JOINTS.findall(word) if cell_len(word.rstrip()) > room else (word,)
