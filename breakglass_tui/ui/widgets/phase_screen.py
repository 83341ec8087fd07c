"""PhaseScreen: the layout that all screens share. It has the identity, the phase bar, the body and the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Footer

from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.state.session import Session
from breakglass_tui.ui.widgets.identity_bar import IdentityBar
from breakglass_tui.ui.widgets.next_try import NextTry
from breakglass_tui.ui.widgets.phase_bar import PhaseBar
from breakglass_tui.ui.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH, TooSmall

Answer = TypeVar("Answer")
HELP = "Explain this screen and its keys."


class PhaseScreen(Screen[None]):
    """The base class of all screens. It draws ``session``, and calls a controller or the App for every change.

    Subclasses define ``PHASE`` and ``ABOUT``, and override ``compose_body``.
    """

    PHASE: ClassVar[Phase]
    ABOUT: ClassVar[str] = ""
    """The help text: what the screen does, what it will change, and its keys. Plain text."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="back", tooltip="Go to the previous phase. Your input is kept."),
        Binding("f1", "help", "Help", id="help", key_display="f1", tooltip=HELP),
        Binding("question_mark", "help", "Help", id="help-alternative", show=False, tooltip=HELP),
        Binding("ctrl+r", "retry", "Retry", id="retry", show=False, tooltip="Try again what failed."),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    @property
    def breakglass(self) -> SessionApp:
        """The App, typed as ``SessionApp``."""
        assert isinstance(self.app, SessionApp)
        return self.app

    def compose(self) -> ComposeResult:
        """Compose the identity bar, the phase bar, the body, the keys, and the notice for a small window."""
        yield IdentityBar(self.session.connection.place)
        yield self.compose_place()
        yield Vertical(*self.compose_body(), id="body")
        yield Footer()
        yield TooSmall()

    def compose_place(self) -> Widget:
        """Return the line that shows which screen this is. By default it is the phase bar."""
        return PhaseBar(self.PHASE)

    def compose_body(self) -> Iterable[Widget]:
        """Yield the widgets of the body. Every subclass overrides this."""
        raise AssertionError(f"{type(self).__name__} has no body")

    def on_mount(self) -> None:
        """Show the caller in the identity bar, now and after every change of the account."""
        self.breakglass.account_changed.subscribe(self, lambda _: self._show_identity())
        self._show_identity()

    @on(events.Resize)
    def _measure(self, event: events.Resize) -> None:
        """Set the classes that depend on the size of the window.

        ``-tiny`` shows only the notice that the window is too small. ``-slim`` has one column. ``-tall`` has blank
        lines.
        """
        width, height = event.size
        self.set_class(width < 76, "-slim")
        self.set_class(height >= 32, "-tall")
        self.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "-tiny")
        self.query_one(TooSmall).show(width, height)
        self._fit_footer(width)

    def _fit_footer(self, width: int) -> None:
        """Make the footer fit into ``width`` columns: first make it compact, then remove the key of the palette."""
        footer, palette = self.query_one(Footer), width >= 66
        footer.compact = width < 76
        if footer.show_command_palette is not palette:
            footer.show_command_palette = palette
            footer.refresh(recompose=True)

    def _show_identity(self) -> None:
        region = self.session.draft.region or (
            self.session.connection.cloud.region if self.session.connection.cloud else ""
        )
        unreachable, account = self.session.connection.trouble is not None, self.session.connection.account
        management = account is not None and account.management is True
        bar = self.query_one(IdentityBar)
        bar.show(
            self.session.connection.caller,
            region,
            self.session.connection.place,
            unreachable=unreachable,
            management=management,
        )

    def move(self, to: Phase) -> None:
        """Ask the App to go to the phase ``to``."""
        self.breakglass.move(self.PHASE, to)

    def put_over(self, dialog: ModalScreen[Answer], answered: Callable[[Answer | None], None] | None = None) -> None:
        """Open ``dialog``, and call ``answered`` with its result.

        Do nothing if another dialog is open, because then a key was pressed twice.
        """
        if self.is_active:
            self.app.push_screen(dialog, answered)

    def next_try(self) -> NextTry | None:
        """Return the retry that ctrl+r starts, or None if the screen shows no problem to retry."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the action ``retry`` only if there is something to retry."""
        if action == "retry":
            return self.is_mounted and self.next_try() is not None
        return super().check_action(action, parameters)

    def action_retry(self) -> None:
        """Start the retry of ``next_try``, if there is one."""
        again = self.next_try()
        if again is not None and self.is_active:
            again.do()

    def action_back(self) -> None:
        """Go to the previous phase."""
        if self.PHASE > Phase.START:
            self.move(Phase(self.PHASE - 1))

    def action_help(self) -> None:
        """Open the help of this screen."""
        self.breakglass.explain(self.PHASE.title, self.ABOUT)
