"""Whose validation this is, where the phases of a run stand otherwise."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show

ROOMY = 67


class VisitBar(Static):
    """One line: the user, that nothing is written, and the way back."""

    def __init__(self, user_name: str) -> None:
        super().__init__(id="phases", markup=False)
        self._user_name = user_name

    def render(self) -> Text:
        """The name in full; what else there is to say as far as there is room."""
        line = Text.assemble(" ● Validation of ", (show(self._user_name), "bold underline"), no_wrap=True)
        if self.size.width >= ROOMY:
            line.append("  read-only   esc back", style="dim")
        line.truncate(self.size.width, overflow="ellipsis")
        return line
