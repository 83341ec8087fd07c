"""The actions of the start screen. Each has a key."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content

TITLE_CELLS = 24


class StartAction(NamedTuple):
    """An action of the start screen.

    ``key`` is its key, ``action`` the name of the Textual action that it runs, and ``about`` says what it does.
    """

    key: str
    action: str
    title: str
    about: str


ACTIONS = (
    StartAction("n", "new", "New emergency user", "create and validate"),
    StartAction("v", "visit", "Validate a user", "any user, read-only"),
    StartAction("o", "envelope", "Inspect an envelope", "who can open it, and how"),
)


def action_row(action: StartAction) -> Content:
    """Return ``action`` as one line: key, title and description."""
    title = f"{action.title:<{TITLE_CELLS}}"
    return Content.assemble((action.key, "$accent"), "  ", (title, "bold"), (action.about, "$secondary"))
