"""The warning before the confirmation of a run that only KMS seals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from breakglass_tui.domain.seals import ONLY_KMS_WORDS
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.hints import hint

TEXT = (
    "Only KMS seals these secrets. In an emergency AWS itself may be down. Then KMS decrypts nothing, and the "
    "credentials are out of reach.\n\n"
    "Add a seal that opens without AWS: age recipients or a passphrase. Continue with KMS only if you have another way "
    "into the account."
)
HINT = f"enter add a seal   {ONLY_KMS_WORDS}, enter: continue   esc cancel"


class OnlyKmsDialog(SizedDialog[Literal["add", "acknowledged"]]):
    """Return ``add``, ``acknowledged`` if the operator typed the words, or None on cancel."""

    AUTO_FOCUS = "#add"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="only-kms-back"),
        Binding("down", "app.focus_next", "Next", show=False, id="only-kms-next"),
        Binding("up", "app.focus_previous", "Previous", show=False, id="only-kms-previous"),
    ]

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the reason, the button for a second seal, and the words that acknowledge the risk."""
        yield Static("KMS alone can lock you out", classes="dialog-title", markup=False)
        yield Static(TEXT, id="confirm-text", markup=False)
        yield Horizontal(Button("Add an offline seal", id="add", compact=True), id="answers")
        yield Horizontal(
            Static(f"or type: {ONLY_KMS_WORDS}", id="typing-prompt", markup=False),
            Input(id="typed", compact=True, max_length=16, select_on_focus=False),
            id="typing",
        )
        yield Static("", id="typing-error", markup=False)
        yield Static(hint(HINT), classes="hint", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Put a letter into the field, wherever the focus is. The field handles its own keys first."""
        if event.character and (event.character.isalpha() or event.character == " "):
            event.stop()
            field = self.query_one("#typed", Input)
            field.focus()
            field.insert_text_at_cursor(event.character)

    @on(Button.Pressed, "#add")
    def _add(self) -> None:
        self.close("add")

    @on(Input.Submitted, "#typed")
    def _submitted(self) -> None:
        typed = " ".join(self.query_one("#typed", Input).value.casefold().split())
        if typed == ONLY_KMS_WORDS:
            self.close("acknowledged")
        else:
            self.query_one("#typing-error", Static).update(f"✗ Type {ONLY_KMS_WORDS} to continue, or add a seal.")

    def action_leave(self) -> None:
        """Close without an answer."""
        self.close(None)
