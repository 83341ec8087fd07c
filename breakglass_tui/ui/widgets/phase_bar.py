"""PhaseBar: the line with the four phases."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

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
