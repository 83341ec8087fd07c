"""ThemeList: the themes to choose from, this program's own first, each with a word on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from breakglass_tui.ui.themes import ANSI, CONTRAST, DARK, LIGHT

OURS = {
    DARK.name: "Dark and calm",
    LIGHT.name: "For bright rooms",
    CONTRAST.name: "High contrast: every text at least 7 to 1",
    ANSI.name: "Your terminal's own sixteen colours",
}
THEIRS = "One of Textual's, not tuned for this program"
IN_USE = "; in use"
AHEAD = 1000
"""Added to the score of an own theme: whoever types ``light`` means that one first."""


class ThemeList(Provider):
    """Every theme that ``--theme`` takes."""

    async def discover(self) -> Hits:
        """All of them, while nothing has been typed."""
        for name, about in self._themes():
            yield DiscoveryHit(name, partial(self._choose, name), help=about)

    async def search(self, query: str) -> Hits:
        """Those whose name is like what was typed."""
        matcher = self.matcher(query)
        for name, about in self._themes():
            score = matcher.match(name)
            if score > 0:
                ahead = AHEAD if name in OURS else 0
                yield Hit(score + ahead, matcher.highlight(name), partial(self._choose, name), help=about)

    def _themes(self) -> Iterator[tuple[str, str]]:
        others = sorted(self.app.available_themes.keys() - OURS.keys())
        for name, about in (*OURS.items(), *((other, THEIRS) for other in others)):
            yield name, about + (IN_USE if name == self.app.theme else "")

    def _choose(self, name: str) -> None:
        self.app.theme = name
