"""HelpDialog: the help of the current screen or dialog."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.widgets.paragraphs import paragraphs_of


class HelpDialog(DocumentDialog):
    """A dialog with a help text. The keys that open it, f1 and ?, also close it."""

    KEYS = "esc close   ↑ ↓ PgUp PgDn scroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "dismiss", "Close", show=False, id="help-close"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(f"Help: {title}", paragraphs_of(text))
