"""The mouse in dialogs: what their line of keys says can be clicked, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual import events
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widget import Widget

from breakglass_tui.ui.shell.part import Part

NAMES = {"esc": "escape"}
SAID = re.compile(r"(?:^|(?<= {3})|(?<= · )) *(?P<key>esc|enter|tab|[a-zA-Z]|f\d+|ctrl\+[a-z]) +\S.*?(?= {3}| · |$)")
"""A key and what it does; what comes next stands three spaces or a dot further on."""


class ClosesByMouse(Part):
    """A click beside a dialog is esc, one on a hint the key that it names; everything else has a button or a row."""

    def _on_click(self, event: events.Click) -> None:
        if not isinstance(self.screen, ModalScreen):
            return
        key = "escape" if event.widget is self.screen else _said_at(event)
        if key in self.screen.active_bindings:
            event.stop()
            self.simulate_key(key)


def said_keys(line: str) -> Iterator[tuple[range, str]]:
    """The keys that a line of a hint names, and the cells in which each stands with what it does."""
    for found in SAID.finditer(line):
        yield range(found.start("key"), found.end()), NAMES.get(found["key"], found["key"])


def _said_at(event: events.Click) -> str:
    """The key that stands where the pointer is, in a hint or on the cover of a secret; else nothing."""
    from breakglass_tui.ui.widgets.configuration.masked import Masked

    widget = event.widget
    if not isinstance(widget, Widget) or not (widget.has_class("hint") or isinstance(widget, Masked)):
        return ""
    (line,) = widget.render_lines(Region(0, event.y, widget.size.width, 1))
    return next((key for cells, key in said_keys(line.text) if event.x in cells), "")
