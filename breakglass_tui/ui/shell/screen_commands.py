"""What the keys of a screen do, by name: the palette offers all of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from textual.screen import Screen

ELSEWHERE = frozenset({"visit", "unfinished", "first-sign-in"})
"""Actions that the palette has under a name of its own on every screen."""


def screen_commands(screen: Screen[object], offered: Iterable[str]) -> Iterable[SystemCommand]:
    """The actions that a key of ``screen`` would do now, but for those whose title is ``offered`` already.

    A dialog has none: it says its few keys itself. What is ``system`` does nothing that is worth a name.
    """
    if isinstance(screen, ModalScreen):
        return
    titles = set(offered)
    for node, binding, enabled, _ in screen.active_bindings.values():
        title = binding.description
        ours = node is screen and binding.id is not None and binding.id not in ELSEWHERE and not binding.system
        if ours and enabled and title not in titles:
            titles.add(title)
            about = f"On this screen also by the key {screen.app.get_key_display(binding)}"
            yield SystemCommand(title, about, partial(screen.app.run_action, binding.action, screen))
