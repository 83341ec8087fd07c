"""The confirmation before a write. No is the default."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from breakglass_tui.ui.hints import hint


class ConfirmDialog(ModalScreen[bool]):
    """A question with the answers Yes and No. With ``must_type``, Yes requires the text that ``prompt`` describes."""

    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "no", "No", id="confirm-no"),
        Binding("y", "yes", "Yes", id="confirm-yes"),
        Binding("left", "app.focus_previous", "Previous", show=False, id="confirm-previous"),
        Binding("right", "app.focus_next", "Next", show=False, id="confirm-next"),
    ]

    def __init__(self, title: str, text: str, *, must_type: str = "", prompt: str = "") -> None:
        super().__init__()
        self._title, self._text = title, text
        self._must_type, self._prompt = must_type, prompt

    def compose(self) -> ComposeResult:
        """Compose the question, the field if a text is required, and the two answers."""
        with Vertical(id="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Static(self._text, id="confirm-text", markup=False)
            if self._must_type:
                yield from self._compose_typing()
            with Horizontal(id="answers"):
                yield Button("No", id="no", compact=True)
                yield Button("Yes", id="yes", compact=True)
            keys = "type the digits, then enter" if self._must_type else "y yes"
            yield Static(hint(f"esc no   {keys}"), classes="hint", markup=False)

    def _compose_typing(self) -> Iterable[Widget]:
        with Horizontal(id="typing"):
            yield Static(self._prompt, id="typing-prompt", markup=False)
            yield Input(id="typed", compact=True, restrict=r"[0-9\s]*", max_length=16, select_on_focus=False)
        yield Static("", id="typing-error", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Put a digit into the field, wherever the focus is. The field handles its own keys first."""
        if self._must_type and event.character and event.character.isdecimal():
            event.stop()
            field = self.query_one("#typed", Input)
            field.focus()
            field.insert_text_at_cursor(event.character)

    @on(Button.Pressed, "#no")
    def action_no(self) -> None:
        """Close with No."""
        self._close(yes=False)

    @on(Button.Pressed, "#yes")
    @on(Input.Submitted, "#typed")
    def action_yes(self) -> None:
        """Close with Yes, if no text is required or the right one was typed."""
        if self._must_type and self.query_one("#typed", Input).value.strip() != self._must_type:
            self.query_one("#typing-error", Static).update(f"✗ {self._refusal()}")
            self.query_one("#typed", Input).focus()
            return
        self._close(yes=True)

    def _close(self, *, yes: bool) -> None:
        # A second press of the key may arrive after the dialog has closed. It must not close the screen below.
        if self.is_active:
            self.dismiss(yes)

    def _refusal(self) -> str:
        typed = self.query_one("#typed", Input).value.strip()
        return "Wrong digits. Check the account id, then type them again." if typed else "Type the digits first."
