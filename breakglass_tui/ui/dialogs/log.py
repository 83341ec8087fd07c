"""The log: every event of a run and its validation as a line, while it goes on."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from breakglass_tui.ui.log_lines import LogLines
from breakglass_tui.ui.widgets.reader import Reader

DRAW_S = 0.2
KEYS = "esc close   ↑ ↓ PgUp PgDn scroll   G the end, and on with it"
NOTHING = "Nothing has happened yet."


class LogDialog(ModalScreen[None]):
    """Follows what is added only while the end is in view: who reads what is above is not moved."""

    AUTO_FOCUS = "Reader"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,l", "dismiss", "Close", id="log-close"),
    ]

    def __init__(self, log: LogLines) -> None:
        super().__init__()
        self._log = log
        self._drawn = 0

    def compose(self) -> ComposeResult:
        """The lines, and whether they are followed."""
        with Vertical(id="dialog"):
            yield Static("Log", classes="dialog-title", id="log-title", markup=False)
            with Reader(id="document"):
                yield Static(NOTHING, id="log-lines", markup=False)
            yield Static(KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the end, and look for more."""
        self.set_interval(DRAW_S, self._draw)
        self._draw()

    def _draw(self) -> None:
        reader, lines = self.query_one(Reader), self._log.lines
        following = self._drawn == 0 or reader.scroll_y >= reader.max_scroll_y
        below = len(lines) - self._drawn
        if below and following:
            self._drawn = len(lines)
            self.query_one("#log-lines", Static).update(Content("\n".join(lines)))
            reader.scroll_end(animate=False)
        self._say_where(following=following, below=below)

    def _say_where(self, *, following: bool, below: int) -> None:
        title = self.query_one("#log-title", Static)
        new = f", {below} new since" if below else ""
        text = Content(f"Log: {len(self._log.lines)} lines" if following else f"Log: standing still{new}")
        if title.content != text:
            title.update(text)
