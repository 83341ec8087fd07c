"""Palette: the entries of the command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from textual.app import SystemCommand
from textual.screen import Screen

from breakglass_tui.ui.first_sign_in.controller import FirstSignInController
from breakglass_tui.ui.shell.screen_commands import QUIT, explained, screen_commands
from breakglass_tui.ui.shell.session_app import SessionApp
from breakglass_tui.ui.start.history import HistoryController
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.validation.users import UserController

HELP = {"Keys": "Show the keys of this screen in a panel.", "Theme": "Change the colours."}
"""Descriptions of Textual's palette entries, by title. They replace those of Textual."""
LEFT_OUT = ("Screenshot", "Maximize")
"""Entries of Textual that are left out. "Maximize" would enlarge a single row."""


class Entry(NamedTuple):
    """An entry of the palette. If ``action`` has a key on the screen, the palette shows the key after ``about``."""

    title: str
    action: str
    about: str


START = Entry("Start", "start", "Go to the start: account, unfinished runs, emergency users.")
UNFINISHED = Entry("Unfinished runs", "unfinished", "Resume runs that did not finish, or remove their resources.")
USERS = Entry("Validate a user", "visit", "Compare any user of this account with AWS (read-only).")
FIRST_SIGN_IN = Entry("First sign-in", "first_sign_in", "Replace the temporary password by a permanent one.")


class Palette:
    """The entries of the command palette: those of Textual, those of every screen, and those for the screen's keys."""

    def __init__(
        self,
        app: SessionApp,
        history: HistoryController,
        users: UserController,
        first_sign_in: FirstSignInController,
    ) -> None:
        self._app, self._history, self._users, self._first_sign_in = app, history, users, first_sign_in

    def entries(self, screen: Screen[object], of_textual: Iterable[SystemCommand]) -> Iterable[SystemCommand]:
        """Return the entries for ``screen``. ``of_textual`` are the entries that Textual offers."""
        everywhere = [*_described(screen, of_textual), *self._of_every_screen(screen)]
        return [*everywhere, *screen_commands(screen, (command.title for command in everywhere))]

    def _of_every_screen(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        from breakglass_tui.ui.validation.sign_in_due import may_sign_in

        session, validation = self._app.session, getattr(screen, "validation", None)
        if not session.run.running and self._app.phase is not Phase.START:
            yield _command(screen, START, partial(self._app.run_action, START.action))
        if session.connection.caller is not None and not session.run.running:
            yield _command(screen, UNFINISHED, self._history.show_unfinished)
            yield _command(screen, USERS, self._users.show)
        if validation is not None and not validation.inspecting and may_sign_in(session, validation):
            yield _command(screen, FIRST_SIGN_IN, partial(self._first_sign_in.open, validation))


def _described(screen: Screen[object], commands: Iterable[SystemCommand]) -> Iterator[SystemCommand]:
    """Yield ``commands``, which are Textual's entries, with the descriptions of this program."""
    for each in commands:
        if each.title == "Quit":
            yield each._replace(help=explained(screen, "quit", QUIT))
        elif each.title not in LEFT_OUT:
            yield each._replace(help=HELP.get(each.title, each.help))


def _command(screen: Screen[object], entry: Entry, do: Callable[[], object]) -> SystemCommand:
    """Return the palette entry ``entry`` for ``screen``. It calls ``do``."""
    return SystemCommand(entry.title, explained(screen, entry.action, entry.about), do)
