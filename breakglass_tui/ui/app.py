"""BreakGlassApp: the App class. It composes the controllers of the phases, and shows the screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.ui.assessment.account import AccountController
from breakglass_tui.ui.configuration.quit import QuitController
from breakglass_tui.ui.configuration.run import RunController
from breakglass_tui.ui.configuration.terminal_title import TerminalTitle
from breakglass_tui.ui.first_sign_in.controller import FirstSignInController
from breakglass_tui.ui.keys import keys_text, taken, unfit
from breakglass_tui.ui.palette import Palette
from breakglass_tui.ui.secret_lifetime import SecretLifetime
from breakglass_tui.ui.shell.control_characters import ControlCharacters
from breakglass_tui.ui.shell.focus_reports import FocusReports
from breakglass_tui.ui.shell.gone_terminal import OutlivesTerminal
from breakglass_tui.ui.shell.no_pictures import NoPictures
from breakglass_tui.ui.shell.pasted_secrets import mask_paste
from breakglass_tui.ui.shell.quiet_crash import QuietCrash
from breakglass_tui.ui.shell.secrecy import SUSPEND, Secrecy
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.shell.terminal_input import TerminalInput
from breakglass_tui.ui.start.envelope_controller import EnvelopeController
from breakglass_tui.ui.start.history import HistoryController
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import new_session
from breakglass_tui.ui.state.validation import UserValidation
from breakglass_tui.ui.style_sheets import first_sheet, later_sheets
from breakglass_tui.ui.summary.preflight import PreflightController
from breakglass_tui.ui.theme_file import ThemeFile
from breakglass_tui.ui.themes import THEMES
from breakglass_tui.ui.validation.controller import ValidationController
from breakglass_tui.ui.validation.users import UserController

if TYPE_CHECKING:
    from breakglass_tui.engine.cloud import Cloud
    from breakglass_tui.ui.first_sign_in.state import FirstSignInState


class BreakGlassApp(
    SessionApp, Secrecy, NoPictures, TerminalInput, FocusReports, QuietCrash, OutlivesTerminal, App[None]
):
    """The full-screen app. Each controller works for one phase, and this class connects them and shows the screens.

    ``connect`` returns the ``Cloud`` of the account. It is called in a thread and may raise ``Problem``. Envelopes and
    reports are written below ``directory``, journals below ``journals``.
    """

    TITLE = "breakglass-tui"
    CSS_PATH = first_sheet()
    BINDINGS: ClassVar[list[BindingType]] = [
        SUSPEND,
        Binding("ctrl+q", "quit", "Quit", id="quit", priority=True),
        Binding("f4", "start", "Start", id="start", show=False),
    ]
    _styled = False

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
        super().__init__(
            new_session(connect, demo=demo, directory=directory, journals=journals, clock=clock or SystemClock())
        )
        self.accounts = AccountController(self)
        self.preflight = PreflightController(self)
        self.runs = RunController(self)
        self.quitting = QuitController(self, self.runs)
        self.history = HistoryController(self, self.runs.start_thread, self.accounts.connect)
        self.accounts.caller_known = self.history.read
        self.envelopes = EnvelopeController(self)
        self.checks = ValidationController(self, self.history.read)
        self.users = UserController(self)
        self.first_sign_in = FirstSignInController(self, self.checks, self._show_first_sign_in)
        self._palette = Palette(self, self.history, self.users, self.first_sign_in)
        self.secret_lifetime = SecretLifetime(self)
        self.theme_file = ThemeFile(self)
        self._terminal_title = TerminalTitle(self._write_to_terminal)
        self._control_characters = ControlCharacters()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme or THEMES[0].name

    def on_mount(self) -> None:
        """Connect the controllers. After the first paint, load the other style sheets, and connect to the account."""
        self._terminal_title.open()
        for after_run in (self._terminal_title.follow, self.secret_lifetime.after_run, self.quitting.after_run):
            self.runs.events.subscribe(self, after_run)
        self.checks.checked.subscribe(self, self.secret_lifetime.after_checks)
        self.checks.checked.subscribe(self, self.first_sign_in.after_checks)
        self.first_sign_in.changed.subscribe(self, self.secret_lifetime.after_first_sign_in)
        self.theme_file.watch()
        self.call_after_refresh(self.load_styles)
        self.call_after_refresh(self.accounts.connect)

    def on_unmount(self) -> None:
        """Stop an active run, and restore the title of the terminal."""
        self.quitting.app_ends()
        self._terminal_title.close()

    # Moves

    def move(self, origin: Phase, to: Phase, user_validation: UserValidation | None = None) -> None:
        """Go from the phase ``origin`` to the phase ``to``, after the current message, if that is allowed.

        With ``user_validation``, it leads to this validation of a user that no run of this session created. The notices
        of the phase ``origin`` disappear.
        """
        self.clear_notifications()
        self.call_later(self._move, origin, to, user_validation)

    async def _move(self, origin: Phase, to: Phase, user_validation: UserValidation | None) -> None:
        current = self.phase
        if current is not None and self.session.may_move(current, origin, to, user_validation):
            self.session.user_validation = user_validation
            await self.switch_screen(self.screen_of(to))

    def action_start(self) -> None:
        """Go to the start. The input is kept. If a run is active, say so instead."""
        phase = self.phase
        if self.session.run.running:
            self.tell("A run is active. After it has ended, f4 opens the start.")
        elif phase is not None and phase is not Phase.START and len(self.screen_stack) == 1:
            self.move(phase, Phase.START)

    def _show_first_sign_in(self, state: FirstSignInState | None) -> None:
        self.call_later(self._switch_first_sign_in, state)

    async def _switch_first_sign_in(self, state: FirstSignInState | None) -> None:
        from breakglass_tui.ui.first_sign_in.screen import FirstSignInScreen

        if self.phase is not Phase.VALIDATION or not (state or isinstance(self.screen, FirstSignInScreen)):
            if state is not None:
                state.leave()
            return
        screen = (
            FirstSignInScreen(self.session, state, self.first_sign_in) if state else self.screen_of(Phase.VALIDATION)
        )
        await self.switch_screen(screen)

    def get_default_screen(self) -> Screen[None]:
        """Return the start screen, so that it is the first screen that Textual paints."""
        screen = self.screen_of(Phase.START)
        # switch_screen removes a result callback from the screen that it replaces. Textual's default screen has none.
        screen._push_result_callback(screen, None)  # noqa: SLF001 - see above, textual is pinned
        return screen

    def screen_of(self, phase: Phase) -> Screen[None]:
        """Return a new screen for ``phase``. The screen of a phase is imported when it is first shown."""
        session = self.session
        match phase:
            case Phase.START:
                from breakglass_tui.ui.start.screen import StartScreen

                return StartScreen(session, self.accounts, self.history, self.users, self.envelopes)
            case Phase.ASSESSMENT:
                from breakglass_tui.ui.assessment.screen import AssessmentScreen

                return AssessmentScreen(session, self.accounts, self.users.show)
            case Phase.SUMMARY:
                from breakglass_tui.ui.summary.screen import SummaryScreen

                return SummaryScreen(session, self.preflight, self.runs.start)
            case Phase.CONFIGURATION:
                from breakglass_tui.ui.configuration.screen import ConfigurationScreen

                return ConfigurationScreen(session, self.runs, self.quitting, self.history)
            case Phase.VALIDATION:
                from breakglass_tui.ui.validation.screen import ValidationScreen

                return ValidationScreen(session, self.checks, self.first_sign_in)

    # What every screen has

    def load_styles(self) -> None:
        """Load the style sheets that the first paint does not need. Later calls do nothing."""
        if not self._styled:
            self._styled = True
            self.stylesheet.read_all(later_sheets())
            self.stylesheet.update(self)

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Use the operator's own ``keys``, which has comma-separated keys by binding id. A notice names its errors."""
        self.keys = keys
        self.set_keymap(dict(keys))
        if "quit" in keys:
            self.quit_keys = frozenset(keys["quit"].split(","))
        if keys:
            self.call_after_refresh(self.set_timer, 0.5, self._tell_unfit_keys)

    def _tell_unfit_keys(self) -> None:

        found = [*unfit(self.keys), *taken(self.keys)]
        if found:
            self.tell(f"Table [keys] of the configuration: {' '.join(found)}", failed=True)

    def explain(self, title: str, text: str) -> None:
        """Open the help with ``title`` and ``text``, followed by the ids and keys of the current screen's actions."""
        from breakglass_tui.ui.dialogs.help import HelpDialog

        if not isinstance(self.screen, HelpDialog):
            self.push_screen(HelpDialog(title, f"{text}\n\n{keys_text(type(self.screen), self.keys)}"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return the entries of the palette: first those of every screen, then those for the keys of ``screen``."""
        return self._palette.entries(screen, super().get_system_commands(screen))

    def search_themes(self) -> None:
        """Open the list of themes. The themes of this program come first."""
        from textual.command import CommandPalette

        from breakglass_tui.ui.theme_list import ThemeList

        self.push_screen(CommandPalette(providers=[ThemeList], placeholder="Search for themes…"))

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the colours of the current theme.

        Before the first screen exists, it only sets the variables of the style sheet, because nothing has to be
        redrawn.
        """
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    # The terminal

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's line filters, followed by the filter that replaces control characters."""
        return [*super().get_line_filters(), self._control_characters]

    async def on_event(self, event: events.Event) -> None:
        """Handle ``event``. An access key in a paste is masked before any widget gets it."""
        self.secret_lifetime.operator_acted(event)
        mask_paste(self, event)
        await super().on_event(event)

    @property
    def in_use(self) -> bool:
        """Whether a run, checks or a first sign-in are active. A run also waits for answers."""
        session = self.session
        shown = session.user_validation
        checking = session.run.validation.inspecting or (shown is not None and shown.inspecting)
        return session.run.running or checking or self.first_sign_in.in_progress

    def after_idle_time(self) -> None:
        """Remove all secrets of the run from the memory."""
        self.secret_lifetime.after_idle_time()

    def action_suspend_process(self) -> None:
        """Suspend the program. Refuse while a run is active, because its calls would stop too."""
        if self.session.run.running:
            self.hide_secrets()
            self.tell("A run is active, so ctrl+z does not suspend the program.")
        else:
            super().action_suspend_process()

    async def action_quit(self) -> None:
        """Quit. If a run is active, ask what to do with it first."""
        self.quitting.quit()

    def leave_on_signal(self, return_code: int) -> None:
        """Hide secrets and empty the clipboard, then exit. An active run finishes its current call first."""
        self.hide_secrets()
        self.secret_clipboard.empty()
        self.quitting.on_signal(return_code)

    def _write_to_terminal(self, text: str) -> None:
        if self._driver is not None and not self._driver.is_headless:
            self._driver.write(text)
            self._driver.flush()
