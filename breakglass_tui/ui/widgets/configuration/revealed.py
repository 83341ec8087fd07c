"""A secret as text, in groups that can be read aloud."""

from __future__ import annotations

import math
from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size

from breakglass_tui.domain.questions import Hidden
from breakglass_tui.domain.text import show
from breakglass_tui.ui.widgets.configuration.masked import SHOWN_S, Masked

GROUP = 4
"""Characters that are read, and read aloud, at a glance."""
LONGEST = 4096
"""Characters; what AWS hands out is far shorter, what an envelope holds may be anything."""

Layout = Callable[[str, int], Content]
"""The text in lines of at most so many cells."""


class Revealed(Masked):
    """Shows its cover until the secret is revealed, then the secret laid out, and a countdown below it."""

    def __init__(self, layout: Layout, *, masked: str = "", id: str) -> None:
        super().__init__(id=id)
        self._layout, self._masked = layout, masked

    def on_mount(self) -> None:
        """Begin masked."""
        self.update(self.cover())

    def say(self, masked: str) -> None:
        """Let the cover say this."""
        if masked != self._masked:
            self._masked = masked
            if not self.shown:
                self.update(self.cover())

    def cover(self) -> Content:
        """What was given for it."""
        return Content.styled(self._masked, "$secondary")

    def bare(self, secret: Hidden, left: float) -> Content:
        """The groups, and how long they stay."""
        return self._laid_out(secret, self.size.width, left)

    def needs(self, secret: Hidden, width: int) -> Size:
        """As many rows as it takes."""
        return Size(GROUP, self._laid_out(secret, width, SHOWN_S).get_height({}, max(width, GROUP)))

    def _laid_out(self, secret: Hidden, width: int, left: float) -> Content:
        text = show(secret.reveal(), LONGEST)
        return self._layout(text, width) + Content.styled(f"\n{time_left(left)}", "$secondary")


def time_left(left: float) -> str:
    """The countdown in words."""
    return f"hidden again in {math.ceil(left)} s"


def spaced(text: str, width: int) -> Content:
    """Groups of four with gaps: how authenticator apps take a seed."""
    lines = _lines(text, (width + 1) // (GROUP + 1))
    return Content.styled("\n".join(" ".join(line) for line in lines), "bold $foreground")


def striped(text: str, width: int) -> Content:
    """Groups of four on two shades in turn: easy to read, and no gap that is not part of the secret."""
    lines = _lines(text, width // GROUP)
    shades = ("bold", "bold on $primary 30%")
    drawn = [Content.assemble(*((group, shades[i % 2]) for i, group in enumerate(line))) for line in lines]
    return Content("\n").join(drawn)


def _lines(text: str, groups_a_line: int) -> list[list[str]]:
    groups = [text[i : i + GROUP] for i in range(0, len(text), GROUP)]
    each = max(groups_a_line, 1)
    return [groups[i : i + each] for i in range(0, len(groups), each)]
