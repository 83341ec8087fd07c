"""Shell: the App as screens see it. It knows no screen."""

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
from breakglass_tui.ui.shell.screen_commands import explained, screen_commands
from breakglass_tui.ui.shell.signals import SignalsExit
from breakglass_tui.ui.shell.start_work import StartWork
from breakglass_tui.ui.shell.title import TerminalTitle
from breakglass_tui.ui.styles import later_sheets

if TYPE_CHECKING:
    from textual.screen import Screen

QUIT = "Quit the program. Asks first if a run is active."
HELP = {"Keys": "Show the keys of this screen in a panel.", "Theme": "Change the colours."}
"""Descriptions that replace those of Textual, by title."""


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
    """The App without its screens."""

    _styled = False

    def on_mount(self) -> None:
        """Load the other style sheets after the first paint."""
        self.call_after_refresh(self.load_styles)

    def ticks(self) -> float:
        """Return the seconds of the session's clock, which a test can stop."""
        return self.session.clock.ticks()

    def action_suspend_process(self) -> None:
        """Suspend the program, unless a run is active, which would stop in mid-call."""
        if self.session.running:
            self.hide_secrets()
            self.tell("A run is active, so ctrl+z does not suspend the program.")
        else:
            super().action_suspend_process()

    def leave_on_signal(self, return_code: int) -> None:
        """Hide secrets and empty the clipboard before the end of an active run."""
        self.hide_secrets()
        self.empty_clipboard()
        super().leave_on_signal(return_code)

    def load_styles(self) -> None:
        """Load the style sheets that the first paint does not need, once."""
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
        """Return the entries of the palette: first the general ones, then those of the screen's keys."""
        everywhere = list(self._commands_everywhere(screen))
        return [*everywhere, *screen_commands(screen, (command.title for command in everywhere))]

    def _commands_everywhere(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield Textual's entries without the screenshot and without "Maximize", which would enlarge a row, then ours.

        They have the same names on every screen.
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
