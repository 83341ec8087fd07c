"""VisitBar: the user of a read-only validation. It replaces the bar of phases."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show

ROOMY = 67


class VisitBar(Static):
    """The user name, that the validation is read-only, and the key that goes back."""

    def __init__(self, user_name: str) -> None:
        super().__init__(id="phases", markup=False)
        self._user_name = user_name

    def render(self) -> Text:
        """Return the full name, and the rest if there is room."""
        line = Text.assemble(" ● Validation of ", (show(self._user_name), "bold underline"), no_wrap=True)
        if self.size.width >= ROOMY:
            line.append("  read-only   esc back", style="dim")
        line.truncate(self.size.width, overflow="ellipsis")
        return line
