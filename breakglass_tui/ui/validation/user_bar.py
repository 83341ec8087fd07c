"""UserBar: the line with the user of a read-only validation. It replaces the phase bar."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show

ROOMY = 67


class UserBar(Static):
    """A line with the name of the validated user, and the key that goes back."""

    def __init__(self, user_name: str) -> None:
        super().__init__(id="phases", markup=False)
        self._user_name = user_name

    def render(self) -> Text:
        """Return the line. In a narrow terminal it has only the user name."""
        line = Text.assemble(" ● Validation of ", (show(self._user_name), "bold underline"), no_wrap=True)
        if self.size.width >= ROOMY:
            line.append("  read-only   esc back", style="dim")
        line.truncate(self.size.width, overflow="ellipsis")
        return line
