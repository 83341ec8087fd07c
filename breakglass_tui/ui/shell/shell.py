"""Shell: the App as screens see it; it knows none of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.clipboard import Clipboard
from breakglass_tui.ui.shell.first_sign_in_work import FirstSignInWork
from breakglass_tui.ui.shell.gone_terminal import OutlivesTerminal
from breakglass_tui.ui.shell.kept_theme import KeptTheme
from breakglass_tui.ui.shell.mouse import ClosesByMouse
from breakglass_tui.ui.shell.no_pictures import NoPictures
from breakglass_tui.ui.shell.own_keys import OwnKeys
from breakglass_tui.ui.shell.pasted_keys import PastedKeys
from breakglass_tui.ui.shell.proof_work import ProofWork
from breakglass_tui.ui.shell.quiet_crash import QuietCrash
from breakglass_tui.ui.shell.screen_commands import screen_commands
from breakglass_tui.ui.shell.signals import SignalsExit
from breakglass_tui.ui.shell.start_work import StartWork
from breakglass_tui.ui.shell.title import TerminalTitle
from breakglass_tui.ui.styles import later_sheets

if TYPE_CHECKING:
    from textual.screen import Screen


class Shell(
    StartWork,
    ProofWork,
    FirstSignInWork,
    TerminalTitle,
    KeptTheme,
    OwnKeys,
    ClosesByMouse,
    PastedKeys,
    Clipboard,
    NoPictures,
    SignalsExit,
    QuietCrash,
    OutlivesTerminal,
    App[None],
):
    """All that the App does besides showing a phase."""

    _styled = False

    def on_mount(self) -> None:
        """Everything else looks right, too, once the first paint is done."""
        self.call_after_refresh(self.load_styles)

    def ticks(self) -> float:
        """The session's clock: a test can hold it still."""
        return self.session.clock.ticks()

    def action_suspend_process(self) -> None:
        """Leave the terminal to the shell for a while, unless a run would stand still in mid-call."""
        if self.session.running:
            self.hide_secrets()
            self.tell("A run is under way, and does not stop for ctrl+z.")
        else:
            super().action_suspend_process()

    def leave_on_signal(self, return_code: int) -> None:
        """Let nothing secret wait for the end of a run."""
        self.hide_secrets()
        self.empty_clipboard()
        super().leave_on_signal(return_code)

    def load_styles(self) -> None:
        """Read the sheets that the first paint does not need, once."""
        if not self._styled:
            self._styled = True
            self.stylesheet.read_all(later_sheets())
            self.stylesheet.update(self)

    def explain(self, title: str, text: str) -> None:
        """Open the help of a screen."""
        from breakglass_tui.ui.dialogs.help import HelpDialog
        from breakglass_tui.ui.key_names import keys_text

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(title, f"{text}\n\n{keys_text(type(self.screen), self.keys)}"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: what helps everywhere, then what the keys of the screen do."""
        everywhere = list(self._commands_everywhere(screen))
        return [*everywhere, *screen_commands(screen, (command.title for command in everywhere))]

    def _commands_everywhere(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's, without the one that would write the screen to a file, and the one that blows up a row; and ours.

        They come under the same names on every screen.
        """
        for command in super().get_system_commands(screen):
            if command.title == "Quit":
                yield command._replace(help="Leave; a run under way is asked about first")
            elif command.title not in ("Screenshot", "Maximize"):
                yield command
        if not self.session.running and self.phase is not Phase.START:
            about = "Account, unfinished runs, emergency users, and what to do next"
            yield SystemCommand("Start", about, self.action_start)
        if self.session.caller is not None and not self.session.running:
            about = "Look at what earlier runs left open; resume or remove it"
            yield SystemCommand("Unfinished runs", about, self.show_unfinished)
            yield SystemCommand(
                "Validate a user", "Hold any user of this account against AWS; read-only", self.show_users
            )
