"""SizedDialog: the base class of dialogs with input fields. A small window shows a notice in their place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from breakglass_tui.ui.dialogs.dialog import Dialog
from breakglass_tui.ui.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH, TooSmall

Answer = TypeVar("Answer")


class SizedDialog(Dialog[Answer]):
    """A dialog with input fields. While the window is too small, a notice hides it, and the typed text is kept.

    Subclasses compose their contents in ``compose_dialog``.
    """

    VERTICAL_BREAKPOINTS = [(0, "-short"), (28, "-high")]

    def compose(self) -> ComposeResult:
        """Compose the dialog, and the notice that replaces it while the window is too small."""
        with Vertical(id="dialog"):
            yield from self.compose_dialog()
        yield TooSmall()

    def compose_dialog(self) -> Iterable[Widget]:
        """Yield the widgets of the dialog. Every subclass overrides this."""
        raise AssertionError(f"{type(self).__name__} has no content")

    @on(events.Resize)
    def _measure(self, event: events.Resize) -> None:
        width, height = event.size
        self.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "-tiny")
        self.query_one(TooSmall).show(width, height)

    def close(self, answer: Answer | None) -> None:
        """Close and return ``answer``.

        A second call does nothing, so a key pressed twice cannot close the screen below.
        """
        if self.is_active:
            self.dismiss(answer)
