"""Portrait: a screen as text for a snapshot, first the characters, then the style of each."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from textual.color import Color
from textual.filter import Monochrome
from textual.strip import Strip
from textual.widgets import Input, TextArea

SIZES = ((80, 24), (120, 36))
THEMES = ("breakglass-dark", "breakglass-light")
RUN_ID = re.compile(r"\b[0-9a-f]{16}\b")
LETTERS = string.ascii_letters + string.digits


async def portrait(pilot: Any) -> str:
    """Return the screen at 80x24 and 120x36, each dark, light, and with NO_COLOR."""
    drawn = {}
    for theme in THEMES:
        pilot.app.theme = theme
        for size in SIZES:
            await pilot.resize_terminal(*size)
            drawn[theme, size] = await _drawn(pilot)
    return "\n".join(part for size in SIZES for part in _parts({theme: drawn[theme, size] for theme in THEMES}, size))


def _parts(drawn: dict[str, list[Strip]], size: tuple[int, int]) -> Iterator[str]:
    name = "x".join(map(str, size))
    (text,) = {_characters(strips) for strips in drawn.values()}  # a theme changes only colours
    yield f"--- {name}\n{text}"
    for theme, strips in drawn.items():
        yield f"--- {name} {theme}\n{_look(strips)}"
    bare = [strip.apply_filter(Monochrome(), Color(0, 0, 0)) for strip in strips]
    yield f"--- {name} NO_COLOR\n{_look(bare)}"


async def _drawn(pilot: Any) -> list[Strip]:
    """Return the lines of the screen after the last change."""
    for field in [*pilot.app.screen.query(Input), *pilot.app.screen.query(TextArea)]:
        field.cursor_blink = False
    before: list[Strip] = []
    while (now := pilot.app.screen._compositor.render_strips()) != before:
        before = now
        await pilot.pause()
    return now


def _characters(strips: list[Strip]) -> str:
    """Return the lines, with each run id replaced by a fixed id of the same length."""
    lines = ("".join(segment.text for segment in strip).rstrip() for strip in strips)
    return RUN_ID.sub("0123456789abcdef", "\n".join(lines))


def _look(strips: list[Strip]) -> str:
    """Return the number of cells per style for each line, with a letter per style, and then the letters."""
    letters: dict[str, str] = {}
    lines = []
    for strip in strips:
        cells = [
            letters.setdefault(str(segment.style or ""), LETTERS[len(letters)])
            for segment in strip
            for _ in range(segment.cell_length)
        ]
        lines.append(" ".join(f"{letter}{len(list(same))}" for letter, same in groupby(cells)))
    return "\n".join([*lines, *(f"{letter} = {look}" for look, letter in letters.items())])
