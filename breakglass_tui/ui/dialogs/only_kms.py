"""The question that stands before the confirmation when only KMS seals."""

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
    "Only KMS seals what will be made. In the emergency this user is for, AWS itself may be what is down: then KMS "
    "opens nothing, and the credentials are out of reach with everything else.\n\n"
    "Add a seal that opens without AWS: age recipients or a passphrase. Or go on as it is, if you keep another way in."
)
HINT = f"enter add a seal   {ONLY_KMS_WORDS}, enter: go on as it is   esc back"


class OnlyKmsDialog(SizedDialog[Literal["add", "acknowledged"]]):
    """Answers ``add``, or ``acknowledged`` when the operator has typed the words; None for neither."""

    AUTO_FOCUS = "#add"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="only-kms-back"),
        Binding("down", "app.focus_next", "Next", show=False, id="only-kms-next"),
        Binding("up", "app.focus_previous", "Previous", show=False, id="only-kms-previous"),
    ]

    def compose_dialog(self) -> Iterable[Widget]:
        """Why, the way to a second seal, and the words that go on without."""
        yield Static("KMS alone is a circle", classes="dialog-title", markup=False)
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
        """What is typed anywhere goes into the field; what the field has taken itself does not come here."""
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
            self.query_one("#typing-error", Static).update(f"✗ Type {ONLY_KMS_WORDS} to go on as it is, or add a seal.")

    def action_leave(self) -> None:
        """Close, and nothing happens."""
        self.close(None)
