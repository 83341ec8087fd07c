"""BreakGlassApp: the parts put together, and the moves between screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from breakglass_tui.engine.clock import Clock
from breakglass_tui.ui import messages as m
from breakglass_tui.ui.flow import Phase, may_move
from breakglass_tui.ui.shell.account_work import AccountWork
from breakglass_tui.ui.shell.check_work import CheckWork
from breakglass_tui.ui.shell.gone_terminal import OutlivesTerminal
from breakglass_tui.ui.shell.leaving import Leaving
from breakglass_tui.ui.shell.quiet_crash import QuietCrash
from breakglass_tui.ui.shell.signals import SignalsExit
from breakglass_tui.ui.styles import first_sheet, later_sheets
from breakglass_tui.ui.themes import THEMES

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud


class BreakGlassApp(AccountWork, CheckWork, Leaving, SignalsExit, QuietCrash, OutlivesTerminal):
    """The full-screen app."""

    TITLE = "breakglass-tui"
    CSS_PATH = first_sheet()
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
        Binding("ctrl+r", "retry", "Retry", id="retry", show=False),
    ]

    def __init__(
        self,
        connect: Callable[[], Cloud],
        *,
        demo: bool,
        directory: Path,
        clock: Clock | None = None,
        theme: str | None = None,
    ) -> None:
        super().__init__(connect, demo=demo, directory=directory, clock=clock)
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme or THEMES[0].name
        self._styled = False

    def load_styles(self) -> None:
        """Read the sheets that the first paint does not need, once."""
        if not self._styled:
            self._styled = True
            self.stylesheet.read_all(later_sheets())
            self.stylesheet.reparse()
            self.stylesheet.update(self)

    def on_mount(self) -> None:
        """Everything else looks right, too, once the first paint is done."""
        self.call_after_refresh(self.load_styles)

    def get_default_screen(self) -> Screen[None]:
        """The first phase is the first thing painted."""
        screen = self._screen(Phase.ASSESSMENT)
        # switch_screen takes a result callback off the screen it replaces; Textual gives its default screen none.
        screen._push_result_callback(screen, None)  # noqa: SLF001 - see above; textual is pinned
        return screen

    @property
    def phase(self) -> Phase | None:
        """The phase on the screen, if one is."""
        for screen in reversed(self.screen_stack):
            phase = getattr(screen, "PHASE", None)
            if isinstance(phase, Phase):
                return phase
        return None

    @on(m.Move)
    async def _move(self, message: m.Move) -> None:
        current = self.phase
        if current is not None and may_move(self.session, current, message.origin, message.to):
            await self.switch_screen(self._screen(message.to))

    def _screen(self, phase: Phase) -> Screen[None]:
        from breakglass_tui.ui.screens import screen_for

        return screen_for(phase, self.session)

    def explain(self, title: str, text: str) -> None:
        """Open the help of a screen."""
        from breakglass_tui.ui.dialogs.help import HelpDialog

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(title, text))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette, without the command that would write whatever is on the screen to a file."""
        for command in super().get_system_commands(screen):
            if command.title != "Screenshot":
                yield command
