"""Reader: a scrolling place that is read with the keys of lists."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class Reader(VerticalScroll):
    """A scroll with j, k, g, G and space beside the arrows; focus shows at its edge."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False, id="read-down"),
        Binding("k", "scroll_up", "Up", show=False, id="read-up"),
        Binding("g", "scroll_home", "Top", show=False, id="read-top"),
        Binding("G", "scroll_end", "Bottom", show=False, id="read-bottom"),
        Binding("space", "page_down", "Page down", show=False, id="read-page"),
    ]
