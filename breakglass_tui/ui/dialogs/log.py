"""The log: every event of a run and its validation as a line, while it goes on."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from breakglass_tui.ui.dialogs.explained import ExplainedDialog
from breakglass_tui.ui.hints import hint
from breakglass_tui.ui.log_lines import LogLines
from breakglass_tui.ui.widgets.log_text import LogText
from breakglass_tui.ui.widgets.reader import Reader

DRAW_S = 0.2
KEYS = "esc close   ↑ ↓ PgUp PgDn scroll   G the end, and on with it   f1 help"
NOTHING = "Nothing has happened yet."
ABOUT = """\
What it does
  Tells every event of the run and of its validation on a line: the seconds since the first, the step or check it is \
about, and what happened. A call has how long it took, how often it was tried, and its request id, which AWS asks for.
  While the end is in view, it follows. Who reads further up is not moved; the title says how much is new.

What it will change
  Nothing. No secret is in it.

Keys
  ↑ ↓ j k      scroll by a line
  PgUp PgDn    scroll by a page; space too
  g G          the beginning, and the end, where it follows again
  esc enter l  close"""


class LogDialog(ExplainedDialog[None]):
    """Follows what is added only while the end is in view: who reads what is above is not moved."""

    NAMED, ABOUT = "Log", ABOUT
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
                yield LogText(NOTHING, id="log-lines")
            yield Static(hint(KEYS), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin at the end, stay there until somebody scrolls, and look for more."""
        self.query_one(Reader).anchor()
        self.set_interval(DRAW_S, self._draw)
        self._draw()

    def _draw(self) -> None:
        reader, lines = self.query_one(Reader), self._log.lines
        following = self._drawn == 0 or reader.scroll_y >= reader.max_scroll_y
        below = len(lines) - self._drawn
        if below and following:
            self._drawn = len(lines)
            self.query_one(LogText).tell(lines)
        self._say_where(following=following, below=below)

    def _say_where(self, *, following: bool, below: int) -> None:
        title = self.query_one("#log-title", Static)
        new = f", {below} new since" if below else ""
        text = Content(f"Log: {len(self._log.lines)} lines" if following else f"Log: standing still{new}")
        if title.content != text:
            title.update(text)
