"""The line below the account: the four phases, or the user of a screen that is outside the phases."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from breakglass_tui.domain.text import show
from breakglass_tui.ui.state.phase import PHASES, Phase

ROOMY = 67


class PhaseBar(Static):
    """A line with the four phases. Glyphs and bold text mark the current phase and those that are done."""

    def __init__(self, current: Phase) -> None:
        super().__init__(id="phases", markup=False)
        self._current = current

    def render(self) -> Text:
        """Return the line. In a narrow terminal, the phases are closer together."""
        rule = " ─── " if self.size.width >= ROOMY else " "
        line = Text(" ", no_wrap=True)
        for phase in PHASES:
            if phase > Phase.ASSESSMENT:
                line.append(rule, style="dim")
            if phase < self._current:
                line.append(f"✓ {phase.title}")
            elif phase is self._current:
                line.append(f"● {phase.title}", style="bold underline")
            else:
                line.append(f"○ {phase.title}", style="dim")
        return line


class UserBar(Static):
    """A line with what the screen does, the name of the user, and ``hint``. It replaces the phase bar."""

    def __init__(self, title: str, user_name: str, hint: str = "") -> None:
        super().__init__(id="phases", markup=False)
        self._title, self._user_name, self._hint = title, user_name, hint

    def render(self) -> Text:
        """Return the line, cut to the width of the screen. In a narrow terminal it has no hint."""
        line = Text.assemble(f" ● {self._title} ", (show(self._user_name), "bold underline"), no_wrap=True)
        if self._hint and self.size.width >= ROOMY:
            line.append(f"  {self._hint}", style="dim")
        line.truncate(self.size.width, overflow="ellipsis")
        return line
