"""SizedDialog: a dialog with fields, which says so when a window has no room for them."""

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
    """What was typed is kept while the window is too small."""

    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-high")]

    def compose(self) -> ComposeResult:
        """The dialog, and what stands in its place when there is no room."""
        with Vertical(id="dialog"):
            yield from self.compose_dialog()
        yield TooSmall()

    def compose_dialog(self) -> Iterable[Widget]:
        """What is in the frame."""
        raise AssertionError(f"{type(self).__name__} has no content")

    @on(events.Resize)
    def _measure(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "-tiny")
        self.query_one(TooSmall).tell(width, height)

    def close(self, answer: Answer | None) -> None:
        """Close with this; a key pressed twice must not close what lies below."""
        if self.is_active:
            self.dismiss(answer)
