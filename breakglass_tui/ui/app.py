"""BreakGlassApp: the App class. It shows the screens and moves between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from breakglass_tui.engine.clock import Clock
from breakglass_tui.ui.flow import Phase, may_move
from breakglass_tui.ui.last_gate import LastGate
from breakglass_tui.ui.shell.secrecy import SUSPEND
from breakglass_tui.ui.shell.shell import Shell
from breakglass_tui.ui.styles import first_sheet
from breakglass_tui.ui.themes import THEMES

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud
    from breakglass_tui.ui import messages as m


class BreakGlassApp(Shell):
    """The full-screen app. Its base class ``Shell`` does the work, and this class shows the screens and the themes."""

    TITLE = "breakglass-tui"
    CSS_PATH = first_sheet()
    BINDINGS: ClassVar[list[BindingType]] = [
        SUSPEND,
        Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
        Binding("f4", "start", "Start", id="start", show=False),
    ]

    def __init__(
        self,
        connect: Callable[[], Cloud],
        *,
        demo: bool,
        directory: Path,
        journals: Path,
        clock: Clock | None = None,
        theme: str | None = None,
    ) -> None:
        super().__init__(connect, demo=demo, directory=directory, journals=journals, clock=clock)
        self._last_gate = LastGate()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme or THEMES[0].name

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the colours of the current theme.

        Before the first screen exists, it only sets the variables of the style sheet, because nothing has to be
        redrawn.
        """
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's line filters, followed by the filter that replaces control characters."""
        return [*super().get_line_filters(), self._last_gate]

    def search_themes(self) -> None:
        """Open the list of themes. The themes of this program come first."""
        from textual.command import CommandPalette

        from breakglass_tui.ui.theme_list import ThemeList

        self.push_screen(CommandPalette(providers=[ThemeList], placeholder="Search for themes…"))

    def get_default_screen(self) -> Screen[None]:
        """Return the start screen, so that it is the first screen that Textual paints."""
        screen = self._screen(Phase.START)
        # switch_screen removes a result callback from the screen that it replaces. Textual's default screen has none.
        screen._push_result_callback(screen, None)  # noqa: SLF001 - see above, textual is pinned
        return screen

    async def _on_move(self, message: m.Move) -> None:
        current = self.phase
        if current is not None and may_move(self.session, current, message.origin, message.to, message.visit):
            self.session.visit = message.visit
            await self.switch_screen(self._screen(message.to))

    def _screen(self, phase: Phase) -> Screen[None]:
        from breakglass_tui.ui.screens import screen_for

        return screen_for(phase, self.session)
