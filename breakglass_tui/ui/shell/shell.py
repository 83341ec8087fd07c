"""Shell: the App without its screens. Screens use it, and it imports no phase screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand

from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.shell.clipboard import Clipboard
from breakglass_tui.ui.shell.focus_reports import FocusReports
from breakglass_tui.ui.shell.gone_terminal import OutlivesTerminal
from breakglass_tui.ui.shell.kept_theme import KeptTheme
from breakglass_tui.ui.shell.mouse import ClosesByMouse
from breakglass_tui.ui.shell.no_pictures import NoPictures
from breakglass_tui.ui.shell.own_keys import OwnKeys
from breakglass_tui.ui.shell.pasted_secrets import PastedSecrets
from breakglass_tui.ui.shell.proof_work import ProofWork
from breakglass_tui.ui.shell.quiet_crash import QuietCrash
from breakglass_tui.ui.shell.screen_commands import explained, screen_commands
from breakglass_tui.ui.shell.secret_lifetime import SecretLifetime
from breakglass_tui.ui.shell.signals import SignalsExit
from breakglass_tui.ui.shell.start_work import StartWork
from breakglass_tui.ui.shell.terminal_input import TerminalInput
from breakglass_tui.ui.shell.title import TerminalTitle
from breakglass_tui.ui.styles import later_sheets

if TYPE_CHECKING:
    from textual.screen import Screen

QUIT = "Quit the program. Asks first if a run is active."
HELP = {"Keys": "Show the keys of this screen in a panel.", "Theme": "Change the colours."}
"""Descriptions of Textual's palette entries, by title. They replace those of Textual."""


class Shell(
    StartWork,
    ProofWork,
    SecretLifetime,
    TerminalTitle,
    KeptTheme,
    OwnKeys,
    ClosesByMouse,
    Clipboard,
    NoPictures,
    TerminalInput,
    PastedSecrets,
    FocusReports,
    SignalsExit,
    QuietCrash,
    OutlivesTerminal,
    App[None],
):
    """The App without its screens: the sum of its mixins, each of which does one thing."""

    _styled = False

    def on_mount(self) -> None:
        """Load the style sheets that the first paint does not need, after that paint."""
        self.call_after_refresh(self.load_styles)

    def ticks(self) -> float:
        """Return the monotonic time of the session's clock, in seconds. Tests use a clock that they control."""
        return self.session.clock.ticks()

    def action_suspend_process(self) -> None:
        """Suspend the program. Refuse while a run is active, because its calls would stop too."""
        if self.session.running:
            self.hide_secrets()
            self.tell("A run is active, so ctrl+z does not suspend the program.")
        else:
            super().action_suspend_process()

    def leave_on_signal(self, return_code: int) -> None:
        """Hide secrets and empty the clipboard, then exit. An active run finishes its current call first."""
        self.hide_secrets()
        self.empty_clipboard()
        super().leave_on_signal(return_code)

    def load_styles(self) -> None:
        """Load the style sheets that the first paint does not need. Later calls do nothing."""
        if not self._styled:
            self._styled = True
            self.stylesheet.read_all(later_sheets())
            self.stylesheet.update(self)

    def explain(self, title: str, text: str) -> None:
        """Open the help with ``title`` and ``text``, followed by the ids and keys of the current screen's actions."""
        from breakglass_tui.ui.dialogs.help import HelpDialog
        from breakglass_tui.ui.key_names import keys_text

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(title, f"{text}\n\n{keys_text(type(self.screen), self.keys)}"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return the entries of the palette: first those of every screen, then those for the keys of ``screen``."""
        everywhere = list(self._commands_everywhere(screen))
        return [*everywhere, *screen_commands(screen, (command.title for command in everywhere))]

    def _commands_everywhere(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the palette entries of every screen: those of Textual, then those of this program.

        Two entries of Textual are left out: "Screenshot", and "Maximize", which would enlarge a single row.
        """
        for command in super().get_system_commands(screen):
            if command.title == "Quit":
                yield command._replace(help=explained(screen, "quit", QUIT))
            elif command.title not in ("Screenshot", "Maximize"):
                yield command._replace(help=HELP.get(command.title, command.help))
        if not self.session.running and self.phase is not Phase.START:
            about = explained(screen, "start", "Go to the start: account, unfinished runs, emergency users.")
            yield SystemCommand("Start", about, self.action_start)
        if self.session.caller is not None and not self.session.running:
            about = explained(screen, "unfinished", "Resume runs that did not finish, or remove their resources.")
            yield SystemCommand("Unfinished runs", about, self.show_unfinished)
            about = explained(screen, "visit", "Compare any user of this account with AWS (read-only).")
            yield SystemCommand("Validate a user", about, self.show_users)
