"""Paragraphs: text with a hanging indent beside labels or signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

LABEL = re.compile(r" +\S.{0,14}?  +(?=\S)")
"""Matches a label at the start of an indented line, such as a key. Two or more spaces separate it from its text."""


JOINTS = re.compile(r"[^/:]*[/:]+|[^/:]+")
"""Matches the parts of an ARN or a path. Each includes the separators / or : after it."""


class Paragraph(NamedTuple):
    """A text ``body`` to the right of ``head``, such as a label. All lines of the body have the same indent.

    If the body would have less than ``least`` cells there, it goes below the head. Both must be safe to show, as
    ``domain.text.show`` returns text.
    """

    head: Content
    body: Content
    least: int = 12

    def lines(self, width: int) -> list[Content]:
        """Return the lines of the paragraph at ``width`` cells."""
        indent = self.head.cell_length
        if indent and width - indent < self.least:
            below = wrapped(self.body, max(1, width - 2))
            return [*self.head.wrap(width), *(Content.assemble("  ", line) for line in below)]
        first, *others = wrapped(self.body, max(1, width - indent))
        return [Content.assemble(self.head, first), *(Content.assemble(" " * indent, line) for line in others)]


def wrapped(text: Content, width: int) -> list[Content]:
    """Return ``text`` in lines of at most ``width`` cells. A longer word, such as an ARN, is split after / or :."""
    return [folded for line in text.split("\n", allow_blank=True) for folded in _wrapped(line, width)]


def _wrapped(line: Content, width: int) -> list[Content]:
    if all(cell_len(word) <= width for word in line.plain.split()):
        return line.wrap(width)
    starts, start = [0], 0
    for piece in _pieces(line.plain, width):
        if start < piece.start() and cell_len(line.plain[start : piece.end()].rstrip()) > width:
            start = piece.start()
            starts.append(start)
    ends = [*starts[1:], len(line.plain)]
    return [part for start, end in zip(starts, ends, strict=True) for part in line[start:end].rstrip().wrap(width)]


def _pieces(text: str, width: int) -> Iterable[re.Match[str]]:
    """Yield the words of ``text`` with the spaces around them. A word longer than ``width`` is split after / or :."""
    for word in re.finditer(r" *\S+ *", text):
        long = cell_len(word[0].strip()) > width
        yield from JOINTS.finditer(text, *word.span()) if long else (word,)


def plain(text: str, style: str = "", indent: int = 0) -> Paragraph:
    """Return a paragraph without a head. ``style`` is a Textual style, and ``indent`` is in cells."""
    return Paragraph(Content(" " * indent), Content.assemble((text, style)))


def text_of(paragraphs: Iterable[Paragraph]) -> str:
    """Return ``paragraphs`` as plain text for the clipboard. Each paragraph is one line that is not wrapped."""
    return "\n".join(f"{each.head.plain}{each.body.plain}".rstrip() for each in paragraphs)


def paragraphs_of(text: str) -> list[Paragraph]:
    """Return one paragraph for each line of ``text``.

    An indented line wraps at its indent, or after its label if it has one. Lines without an indent are headings.
    """
    return [_paragraph_of(line) for line in text.splitlines()]


def _paragraph_of(line: str) -> Paragraph:
    if found := LABEL.match(line):
        return Paragraph(Content(found[0]), Content(line[found.end() :]))
    indent = len(line) - len(line.lstrip(" "))
    return plain(line[indent:], "" if indent else "bold", indent)


def labelled(rows: Iterable[tuple[str, str]], width: int = 11, least: int = 12) -> list[Paragraph]:
    """Return one paragraph for each pair of a label and a text in ``rows``. Pairs with an empty text are left out.

    All texts start in the column ``width``. ``least`` is as in ``Paragraph``.
    """
    heads = [(Content.styled(f"{label:<{width}}", "$secondary"), body) for label, body in rows if body]
    return [Paragraph(head, Content(body), least) for head, body in heads]


class Paragraphs(Widget):
    """A widget that shows paragraphs, as high as they need."""

    def __init__(self, paragraphs: Sequence[Paragraph] = (), *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._paragraphs = tuple(paragraphs)

    def show(self, paragraphs: Sequence[Paragraph]) -> None:
        """Replace the text by ``paragraphs``."""
        if tuple(paragraphs) != self._paragraphs:
            self._paragraphs = tuple(paragraphs)
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        return [line for paragraph in self._paragraphs for line in paragraph.lines(max(1, width))]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """Return the number of rows that the paragraphs take at ``width`` cells."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the lines, wrapped to the current width."""
        return Content("\n").join(self._lines(self.content_size.width))
