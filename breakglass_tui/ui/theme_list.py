"""ThemeList: the list of themes in the command palette."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from breakglass_tui.ui.themes import ANSI, CONTRAST, DARK, LIGHT

OURS = {
    DARK.name: "Dark",
    LIGHT.name: "Light, for bright rooms",
    CONTRAST.name: "High contrast: at least 7:1 for all text",
    ANSI.name: "Your terminal's sixteen colours",
}
THEIRS = "Built into Textual, not tuned for this program"
IN_USE = " (in use)"
AHEAD = 1000
"""Added to the search score of this program's themes, so that they come before Textual's."""


class ThemeList(Provider):
    """The provider for the command palette that lists every theme. The themes of this program come first."""

    async def discover(self) -> Hits:
        """Yield all themes. Textual calls this while the search text is empty."""
        for name, about in self._themes():
            yield DiscoveryHit(name, partial(self._choose, name), help=about)

    async def search(self, query: str) -> Hits:
        """Yield the themes whose name matches the search text ``query``."""
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
