"""Revealed: shows a secret as text on request, in groups of characters."""

from __future__ import annotations

import math
from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.masked import SHOWN_S, Masked

GROUP = 4
"""The number of characters in a group."""
LONGEST = 4096
"""The largest number of characters shown. Secrets of AWS are far shorter, but an envelope can contain any text."""

Layout = Callable[[str, int], Content]
"""A function that wraps a text into lines of at most the given number of cells."""


class Revealed(Masked):
    """A widget that shows a secret as text on request, with a countdown below it. Otherwise it shows ``masked``.

    ``layout`` wraps the secret into lines.
    """

    def __init__(self, layout: Layout, *, masked: str = "", id: str) -> None:
        super().__init__(id=id)
        self._layout, self._masked = layout, masked

    def on_mount(self) -> None:
        """Draw the text for a hidden secret."""
        self.draw(self.cover())

    def say(self, masked: str) -> None:
        """Set the text to show while the secret is hidden."""
        if masked != self._masked:
            self._masked = masked
            if not self.shown:
                self.draw(self.cover())

    def cover(self) -> Content:
        """Return the text to show while the secret is hidden."""
        return Content.styled(self._masked, "$secondary")

    def bare(self, secret: Hidden, left: float) -> Content:
        """Return the secret in lines, and the countdown below."""
        return self._laid_out(secret, self.size.width, left)

    def needs(self, secret: Hidden, width: int) -> Size:
        """Return the least width that the secret needs, which is a group, and its height at ``width``.

        Both are in cells.
        """
        return Size(GROUP, self._laid_out(secret, width, SHOWN_S).get_height({}, max(width, GROUP)))

    def _laid_out(self, secret: Hidden, width: int, left: float) -> Content:
        text = show(secret.reveal(), LONGEST)
        return self._layout(text, width) + Content.styled(f"\n{time_left(left)}", "$secondary")


def time_left(left: float) -> str:
    """Return the countdown as text, such as "hidden in 12 s". ``left`` is in seconds."""
    return f"hidden in {math.ceil(left)} s"


def spaced(text: str, width: int) -> Content:
    """Return ``text`` in groups of four characters with spaces between them, as authenticator apps show a seed."""
    lines = _lines(text, (width + 1) // (GROUP + 1))
    return Content.styled("\n".join(" ".join(line) for line in lines), "bold $foreground")


def striped(text: str, width: int) -> Content:
    """Return ``text`` in groups of four characters with alternating background colours.

    Unlike spaces between groups, this adds no characters that are not in the secret.
    """
    lines = _lines(text, width // GROUP)
    shades = ("bold", "bold on $primary 30%")
    drawn = [Content.assemble(*((group, shades[i % 2]) for i, group in enumerate(line))) for line in lines]
    return Content("\n").join(drawn)


def _lines(text: str, groups_a_line: int) -> list[list[str]]:
    groups = [text[i : i + GROUP] for i in range(0, len(text), GROUP)]
    each = max(groups_a_line, 1)
    return [groups[i : i + each] for i in range(0, len(groups), each)]
