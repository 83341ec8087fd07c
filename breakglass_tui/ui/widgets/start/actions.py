"""What can be done from the start, one key each."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content

TITLE_CELLS = 24


class StartAction(NamedTuple):
    """The key, the action of the screen that it calls, and what it does in words."""

    key: str
    action: str
    title: str
    about: str


ACTIONS = (
    StartAction("n", "new", "New emergency user", "assess, review, create, prove"),
    StartAction("v", "visit", "Validate a user", "any user, read-only"),
    StartAction("o", "envelope", "Open an envelope", "what opens it, and with which command"),
)


def action_row(action: StartAction) -> Content:
    """The action on one line."""
    title = f"{action.title:<{TITLE_CELLS}}"
    return Content.assemble((action.key, "$accent"), "  ", (title, "bold"), (action.about, "$secondary"))
