"""Reader: a scrolling container that can be scrolled with letter keys."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class Reader(VerticalScroll):
    """A scrolling container with the keys j, k, g, G and space. Its border shows whether it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="read-down"),
        Binding("k", "scroll_up", "Up", show=False, id="read-up"),
        Binding("g", "scroll_home", "Top", show=False, id="read-top"),
        Binding("G", "scroll_end", "Bottom", show=False, id="read-bottom"),
        Binding("space", "page_down", "Page down", show=False, id="read-page"),
    ]
