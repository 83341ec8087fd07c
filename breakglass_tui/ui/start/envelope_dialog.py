"""EnvelopeDialog: describes an envelope, and shows the command that opens it on one line that can be copied."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import HorizontalScroll, Vertical
from textual.widgets import Static

from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.start.envelope_outside import EnvelopeDescription
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.paragraphs import Paragraphs
from breakglass_tui.ui.widgets.reader import Reader

WHERE = "Run this in another terminal, or here after ctrl+z (fg returns):"
COPIED = "✓ Sent to the clipboard. The terminal does not confirm it."
COLUMNS = 4
"""The number of columns by which an arrow key scrolls the command."""
ABOUT = """\
What it does
  Describes the envelope, and shows the command that opens it. Contents and custodians come from the report.json in \
the same directory.
  The command is one line. It is not wrapped, so that a copy of it works.

What it will change
  Nothing. It decrypts nothing.

Keys
  y          copy the command to the clipboard of the terminal
  ← →        scroll the command
  ↑ ↓ j k    scroll the description
  PgUp PgDn  scroll it by a page
  esc        close"""


class EnvelopeDialog(Dialog[None]):
    """A dialog with the description of an envelope, and the command that opens it if there is one."""

    NAMED, ABOUT = "Envelope", ABOUT
    AUTO_FOCUS = "Reader"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="envelope-copy"),
        # Priority: without it the description, which has the focus, gets these keys and cannot scroll sideways.
        Binding("left", "scroll(-1)", "Left", show=False, id="envelope-left", priority=True),
        Binding("right", "scroll(1)", "Right", show=False, id="envelope-right", priority=True),
        Binding("escape,enter,q", "dismiss", "Close", id="envelope-close"),
    ]

    def __init__(self, described: EnvelopeDescription) -> None:
        super().__init__()
        self._described = described

    def compose(self) -> ComposeResult:
        """Compose the title, the description, the command on one line that scrolls, and the keys."""
        command = self._described.command
        with Vertical(id="dialog"):
            title = "How to open this envelope" if command else "This envelope cannot be opened here"
            yield Static(title, classes="dialog-title", markup=False)
            with Reader(id="document"):
                yield Paragraphs(self._described.lines)
            if command:
                yield Static(WHERE, id="envelope-where", markup=False)
                yield HorizontalScroll(
                    Static(command, id="envelope-command", markup=False), id="envelope-line", can_focus=False
                )
            yield Static("", id="envelope-copied", markup=False)
            keys = "y copy   ← → scroll   " if command else ""
            yield Static(hint(f"{keys}esc close   f1 help"), classes="hint", markup=False)

    def action_copy(self) -> None:
        """Copy the command to the terminal's clipboard."""
        if self._described.command:
            self.app.copy_to_clipboard(self._described.command)
            self.query_one("#envelope-copied", Static).update(COPIED)

    def action_scroll(self, way: int) -> None:
        """Scroll the command to the right if ``way`` is 1, to the left if it is -1."""
        for line in self.query("#envelope-line").results(HorizontalScroll):
            line.scroll_relative(x=way * COLUMNS, animate=False)
