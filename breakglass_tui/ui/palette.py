"""The entries of the command palette that every screen has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from textual.app import SystemCommand

from breakglass_tui.ui.shell.screen_commands import QUIT, explained

if TYPE_CHECKING:
    from textual.screen import Screen

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


def textual_commands(screen: Screen[object], commands: Iterable[SystemCommand]) -> Iterable[SystemCommand]:
    """Yield ``commands``, which are Textual's entries, with the descriptions of this program."""
    for each in commands:
        if each.title == "Quit":
            yield each._replace(help=explained(screen, "quit", QUIT))
        elif each.title not in LEFT_OUT:
            yield each._replace(help=HELP.get(each.title, each.help))


def command(screen: Screen[object], entry: Entry, do: Callable[[], object]) -> SystemCommand:
    """Return the palette entry ``entry`` for ``screen``. It calls ``do``."""
    return SystemCommand(entry.title, explained(screen, entry.action, entry.about), do)
