"""One six-digit code of an authenticator."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from breakglass_tui.domain.rules import mfa_code

DIGITS = "0123456789"
LENGTH = 6


class CodeInput(Input):
    """Takes ASCII digits only; other keys stay free for the screen.

    ``then`` takes what is typed or pasted on when this one is full: both codes may come in one go.
    """

    def __init__(self, id: str, then: CodeInput | None = None) -> None:
        super().__init__(
            placeholder="_" * LENGTH, restrict=f"[{DIGITS}]*", max_length=LENGTH, compact=True, id=id, classes="code"
        )
        self._then = then

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - Textual's signature
        """Only digits are typed here."""
        return character is not None and character in DIGITS

    def insert_text_at_cursor(self, text: str) -> None:
        """Take the text, or give it to the next field when this one is full."""
        if self._then is not None and self.complete and self.cursor_at_end:
            self._then.select_on_focus = False  # the focus is on its way there, and would have this typed over
            self._then.insert_text_at_cursor(text)
        else:
            super().insert_text_at_cursor(text)

    def on_paste(self, event: events.Paste) -> None:
        """Both codes at once, on one line or on two, fill both fields."""
        digits = "".join(event.text.split())
        if self._then is not None and len(digits) == 2 * LENGTH and set(digits) <= set(DIGITS):
            event.stop()
            event.prevent_default()
            self.value, self._then.value = digits[:LENGTH], digits[LENGTH:]

    def on_blur(self) -> None:
        """Who comes back to a code types it anew."""
        self.select_on_focus = True

    @property
    def complete(self) -> bool:
        """Whether it holds a code."""
        try:
            mfa_code(self.value)
        except ValueError:
            return False
        return True
