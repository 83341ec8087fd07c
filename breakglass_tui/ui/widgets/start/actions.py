"""The actions of the start screen, one key each."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content

TITLE_CELLS = 24


class StartAction(NamedTuple):
    """A key, the action of the screen that it calls, and what it does in words."""

    key: str
    action: str
    title: str
    about: str


ACTIONS = (
    StartAction("n", "new", "New emergency user", "assess, review, create, validate"),
    StartAction("v", "visit", "Validate a user", "any user, read-only"),
    StartAction("o", "envelope", "Open an envelope", "who can open it, and with which command"),
)


def action_row(action: StartAction) -> Content:
    """Return the action on one line."""
    title = f"{action.title:<{TITLE_CELLS}}"
    return Content.assemble((action.key, "$accent"), "  ", (title, "bold"), (action.about, "$secondary"))
