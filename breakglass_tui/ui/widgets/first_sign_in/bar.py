"""FirstSignInBar: the user of a first sign-in. It replaces the bar of phases."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show


class FirstSignInBar(Static):
    """One line with the user's name."""

    def __init__(self, user_name: str) -> None:
        super().__init__(id="phases", markup=False)
        self._user_name = user_name

    def render(self) -> Text:
        """Return the user name, cut to the width."""
        line = Text.assemble(" ● First sign-in of ", (show(self._user_name), "bold underline"), no_wrap=True)
        line.truncate(self.size.width, overflow="ellipsis")
        return line
