"""CodeInput: a field for a six-digit code of an authenticator."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from breakglass_tui.domain.rules import mfa_code

DIGITS = "0123456789"
LENGTH = 6


class CodeInput(Input):
    """A field for ASCII digits. The screen gets all other keys.

    When this field is full, further digits go to the field ``then``, so that both codes can be typed or pasted at once.
    """

    def __init__(self, id: str, then: CodeInput | None = None) -> None:
        super().__init__(
            placeholder="_" * LENGTH, restrict=f"[{DIGITS}]*", max_length=LENGTH, compact=True, id=id, classes="code"
        )
        self._then = then

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - Textual's signature
        """Return whether the key is a digit."""
        return character is not None and character in DIGITS

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert ``text``, or pass it to the next field if this one is full."""
        if self._then is not None and self.complete and self.cursor_at_end:
            self._then.select_on_focus = False  # the focus moves there next, and would select this text
            self._then.insert_text_at_cursor(text)
        else:
            super().insert_text_at_cursor(text)

    def on_paste(self, event: events.Paste) -> None:
        """Fill both fields from a paste of both codes, on one line or two."""
        digits = "".join(event.text.split())
        if self._then is not None and len(digits) == 2 * LENGTH and set(digits) <= set(DIGITS):
            event.stop()
            event.prevent_default()
            self.value, self._then.value = digits[:LENGTH], digits[LENGTH:]

    def on_blur(self) -> None:
        """Select the code on the next focus, so that typing replaces it."""
        self.select_on_focus = True

    @property
    def complete(self) -> bool:
        """Whether the field has a valid code."""
        try:
            mfa_code(self.value)
        except ValueError:
            return False
        return True
