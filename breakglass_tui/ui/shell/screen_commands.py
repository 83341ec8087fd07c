"""The entries of the command palette for the keys of the current screen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import ModalScreen, Screen

QUIT = "Quit the program. Asks first if a run is active."
ELSEWHERE = frozenset({"visit", "unfinished", "first-sign-in"})
"""Binding ids that have an entry on every screen, and so need no entry for the current screen."""


def screen_commands(screen: Screen[object], offered: Iterable[str]) -> Iterable[SystemCommand]:
    """Yield a palette entry for each enabled key of ``screen``.

    ``offered`` has the titles of entries that the palette already has. Dialogs have no entries, because they show their
    keys themselves. Bindings with ``system`` have none.
    """
    if isinstance(screen, ModalScreen):
        return
    titles = set(offered)
    for node, binding, enabled, _ in screen.active_bindings.values():
        title = binding.description
        ours = node is screen and binding.id is not None and binding.id not in ELSEWHERE and not binding.system
        if ours and enabled and title not in titles:
            titles.add(title)
            yield SystemCommand(
                title,
                _with_key(screen, binding, binding.tooltip),
                partial(screen.app.run_action, binding.action, screen),
            )


def explained(screen: Screen[object], action: str, text: str) -> str:
    """Return ``text``, followed by the key of ``action`` if the action is enabled on ``screen``."""
    for _, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.action.rpartition(".")[2] == action:
            return _with_key(screen, binding, text)
    return text


def _with_key(screen: Screen[object], binding: Binding, text: str) -> str:
    return f"{text} Shortcut: {screen.app.get_key_display(binding)}"
