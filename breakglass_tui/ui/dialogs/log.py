"""LogDialog: shows the log of a run and its validation, one line per event."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.state.log_lines import LogLines
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.log_text import LogText
from breakglass_tui.ui.widgets.reader import Reader

DRAW_S = 0.2
KEYS = "esc close   ↑ ↓ PgUp PgDn scroll   G follow   f1 help"
NOTHING = "Nothing has happened yet."
ABOUT = """\
What it does
  Shows each event of the run and of its validation on a line: the seconds since the first event, the step or check, \
and what happened. A call also has its duration, its attempts and its request id. AWS Support asks for the request id.
  While the last line is visible, the log follows new lines. If you scroll up, it stays in place, and the title \
counts the new lines.

What it will change
  Nothing. The log contains no secret.

Keys
  ↑ ↓ j k      scroll by a line
  PgUp PgDn    scroll by a page (space: page down)
  g            first line
  G            last line, and follow
  esc enter l  close"""


class LogDialog(Dialog[None]):
    """A dialog with the log. It adds new lines while it is open.

    It scrolls to new lines only while the last line is visible. If the operator has scrolled up, the text does not
    move.
    """

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
        """Compose the title, the lines of the log, and the keys."""
        with Vertical(id="dialog"):
            yield Static("Log", classes="dialog-title", id="log-title", markup=False)
            with Reader(id="document"):
                yield LogText(NOTHING, id="log-lines")
            yield Static(hint(KEYS), classes="hint", markup=False)

    def on_mount(self) -> None:
        """Scroll to the last line, and check for new lines every ``DRAW_S`` seconds."""
        self.query_one(Reader).anchor()
        self.set_interval(DRAW_S, self._draw)
        self._draw()

    def _draw(self) -> None:
        reader, lines = self.query_one(Reader), self._log.lines
        following = self._drawn == 0 or reader.scroll_y >= reader.max_scroll_y
        below = len(lines) - self._drawn
        if below and following:
            self._drawn = len(lines)
            self.query_one(LogText).show(lines)
        self._say_where(following=following, below=below)

    def _say_where(self, *, following: bool, below: int) -> None:
        title = self.query_one("#log-title", Static)
        new = f", {below} new" if below else ""
        text = Content(f"Log: {len(self._log.lines)} lines" if following else f"Log: paused{new}")
        if title.content != text:
            title.update(text)
