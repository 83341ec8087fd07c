"""SizedDialog: a dialog with fields, and a message in place of it in a window that is too small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from breakglass_tui.ui.widgets.chrome.too_small import LEAST_HEIGHT, LEAST_WIDTH, TooSmall

Answer = TypeVar("Answer")


class SizedDialog(ModalScreen[Answer]):
    """A dialog that keeps what was typed while the window is too small."""

    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-high")]

    def compose(self) -> ComposeResult:
        """Compose the dialog, and the message that replaces it in a small window."""
        with Vertical(id="dialog"):
            yield from self.compose_dialog()
        yield TooSmall()

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the contents of the dialog."""
        raise AssertionError(f"{type(self).__name__} has no content")

    @on(events.Resize)
    def _measure(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "-tiny")
        self.query_one(TooSmall).tell(width, height)

    def close(self, answer: Answer | None) -> None:
        """Close with ``answer``. A key pressed twice must not close the screen below."""
        if self.is_active:
            self.dismiss(answer)
