"""CodeInput: an input for a six-digit code of an authenticator app."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from breakglass_tui.domain.rules import mfa_code

DIGITS = "0123456789"
LENGTH = 6


class CodeInput(Input):
    """An input for one six-digit code. It handles only digits, so other keys are those of the screen.

    If this input is full, further digits go to the input ``then``. So two codes can be typed or pasted in one go.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "screen.walk(-1)", "Previous step", show=False, id="step-before"),
        Binding("down,j", "screen.walk(1)", "Next step", show=False, id="step-after"),
    ]

    def __init__(self, id: str, then: CodeInput | None = None) -> None:
        super().__init__(
            placeholder="_" * LENGTH, restrict=f"[{DIGITS}]*", max_length=LENGTH, compact=True, id=id, classes="code"
        )
        self._then = then

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - Textual's signature
        """Return whether the input handles the key: only digits."""
        return character is not None and character in DIGITS

    def on_key(self, event: events.Key) -> None:
        """Leave every character that is no digit to the bindings. Textual's ``Input`` would stop it."""
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert ``text`` here, or into the next input if this one is full."""
        if self._then is not None and self.complete and self.cursor_at_end:
            self._then.select_on_focus = False  # else the focus, which moves there next, would select the inserted text
            self._then.insert_text_at_cursor(text)
        else:
            super().insert_text_at_cursor(text)

    def on_paste(self, event: events.Paste) -> None:
        """Fill both inputs if the paste has both codes. They may be separated by white space."""
        digits = "".join(event.text.split())
        if self._then is not None and len(digits) == 2 * LENGTH and set(digits) <= set(DIGITS):
            event.stop()
            event.prevent_default()
            self.value, self._then.value = digits[:LENGTH], digits[LENGTH:]

    def on_blur(self) -> None:
        """Let the next focus select the code, so that typing replaces it."""
        self.select_on_focus = True

    @property
    def complete(self) -> bool:
        """Whether the input has a code of six digits."""
        try:
            mfa_code(self.value)
        except ValueError:
            return False
        return True
