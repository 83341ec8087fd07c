"""FirstSignInBar: the line with the user of a first sign-in. It replaces the phase bar."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show


class FirstSignInBar(Static):
    """A line with the name of the user who signs in for the first time."""

    def __init__(self, user_name: str) -> None:
        super().__init__(id="phases", markup=False)
        self._user_name = user_name

    def render(self) -> Text:
        """Return the line, cut to the width of the screen."""
        line = Text.assemble(" ● First sign-in of ", (show(self._user_name), "bold underline"), no_wrap=True)
        line.truncate(self.size.width, overflow="ellipsis")
        return line
