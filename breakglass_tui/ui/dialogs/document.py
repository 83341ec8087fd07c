"""DocumentDialog: shows a text over the current screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.widgets.hints import hint
from breakglass_tui.ui.widgets.paragraphs import Paragraph, Paragraphs
from breakglass_tui.ui.widgets.reader import Reader

ABOUT = """\
What it does
  Shows a text that is too long for the screen below.

What it will change
  Nothing.

Keys
  ↑ ↓ j k    scroll by a line
  PgUp PgDn  scroll by a page
  esc        close"""


class DocumentDialog(Dialog[None]):
    """A dialog with a title, a text that scrolls, and the line of keys. It returns nothing."""

    NAMED, ABOUT = "Document", ABOUT
    AUTO_FOCUS = "Reader"
    KEYS: ClassVar[str] = "esc close   ↑ ↓ PgUp PgDn scroll   f1 help"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", id="document-close"),
    ]

    def __init__(self, title: str, paragraphs: Sequence[Paragraph]) -> None:
        super().__init__()
        self._title, self._paragraphs = title, paragraphs

    def compose(self) -> ComposeResult:
        """Compose the title, the text and the line of keys."""
        with Vertical(id="dialog"):
            yield Static(self._title, id="document-title", classes="dialog-title", markup=False)
            with Reader(id="document"):
                yield Paragraphs(self._paragraphs)
            yield Static(hint(self.KEYS), id="document-keys", classes="hint", markup=False)
