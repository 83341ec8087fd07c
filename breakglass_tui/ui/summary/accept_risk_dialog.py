"""AcceptRiskDialog: asks the operator to avoid or accept a risk of the request, before the confirmation of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from breakglass_tui.domain.acknowledgements import NO_MFA, ONLY_KMS, Acknowledgement
from breakglass_tui.ui.dialogs.sized import SizedDialog
from breakglass_tui.ui.widgets.hints import hint


@dataclass(frozen=True, slots=True)
class RiskTexts:
    """The texts of ``AcceptRiskDialog`` for one risk.

    ``text`` is the advice that follows the sentence about the risk. ``button`` labels the button that avoids the risk.
    ``field`` is the field of the Assessment that it opens.
    """

    title: str
    text: str
    button: str
    field: Literal["offline", "mfa"]


ABOUT = """\
What it does
  Shows a risk of the request. The button opens the field of the form that avoids it. To continue with the risk, type \
the words that the dialog asks for.

What it will change
  Nothing. Before anything is created, the program asks you to confirm.

Keys
  enter  press the button, or submit the words
  ↑ ↓    go to the button or to the field
  esc    cancel, and return to the Summary"""
TEXTS: Mapping[Acknowledgement, RiskTexts] = {
    ONLY_KMS: RiskTexts(
        "Continue with KMS as the only seal?",
        "Add a seal that opens without AWS: age recipients or a passphrase. Continue with KMS only if you have another "
        "way into the account.",
        button="Add a seal",
        field="offline",
    ),
    NO_MFA: RiskTexts(
        "Continue without a second factor?",
        "Choose an MFA device: sealed (this program enrols it) or authenticator (you scan a QR code). Continue without "
        "one only if something else protects the credentials.",
        button="Choose MFA",
        field="mfa",
    ),
}


class AcceptRiskDialog(SizedDialog[Literal["avoid", "accepted"]]):
    """A dialog for one risk. It returns ``avoid``, ``accepted`` or None.

    ``avoid`` is the answer of the button. ``accepted`` means that the operator typed the words of the risk. None means
    cancel.
    """

    NAMED, ABOUT = "Accept a risk", ABOUT
    AUTO_FOCUS = "#avoid"
    # These ids are from the time when KMS alone was the only risk. Users' config.toml files may contain them.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Cancel", id="only-kms-back"),
        Binding("down", "app.focus_next", "Next", show=False, id="only-kms-next"),
        Binding("up", "app.focus_previous", "Previous", show=False, id="only-kms-previous"),
    ]

    def __init__(self, risk: Acknowledgement) -> None:
        super().__init__()
        self.risk = risk

    def compose_dialog(self) -> Iterable[Widget]:
        """Compose the risk, the button that avoids it, and the field for the words that accept it."""
        texts, words = TEXTS[self.risk], self.risk.words
        yield Static(texts.title, classes="dialog-title", markup=False)
        yield Static(f"{self.risk.risk}\n\n{texts.text}", id="confirm-text", markup=False)
        yield Horizontal(Button(Content(texts.button), id="avoid", compact=True), id="answers")
        yield Horizontal(
            Static(f'or type "{words}", then enter:', id="typing-prompt", markup=False),
            Input(id="typed", compact=True, max_length=16, select_on_focus=False),
            id="typing",
        )
        yield Static("", id="typing-error", markup=False)
        does = f"{texts.button[0].lower()}{texts.button[1:]}"
        keys = f"enter {does}   esc cancel   f1 help"
        yield Static(hint(keys), classes="hint", markup=False)

    def on_key(self, event: events.Key) -> None:
        """Put a typed letter or space into the field, even if the button has the focus."""
        if event.character and (event.character.isalpha() or event.character == " "):
            event.stop()
            field = self.query_one("#typed", Input)
            field.focus()
            field.insert_text_at_cursor(event.character)

    @on(Button.Pressed, "#avoid")
    def _avoid(self) -> None:
        self.close("avoid")

    @on(Input.Submitted, "#typed")
    def _submitted(self) -> None:
        typed = " ".join(self.query_one("#typed", Input).value.casefold().split())
        if typed == self.risk.words:
            self.close("accepted")
        else:
            self.query_one("#typing-error", Static).update(f"✗ Type {self.risk.words} to continue.")

    def action_leave(self) -> None:
        """Close and return None."""
        self.close(None)
