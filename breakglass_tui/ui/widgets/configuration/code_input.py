"""One six-digit code of an authenticator."""

from __future__ import annotations

from textual.widgets import Input

from breakglass_tui.domain.rules import mfa_code

DIGITS = "0123456789"
LENGTH = 6


class CodeInput(Input):
    """Takes ASCII digits only; other keys stay free for the screen."""

    def __init__(self, id: str) -> None:
        super().__init__(
            placeholder="_" * LENGTH, restrict=f"[{DIGITS}]*", max_length=LENGTH, compact=True, id=id, classes="code"
        )

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - Textual's signature
        """Only digits are typed here."""
        return character is not None and character in DIGITS

    @property
    def complete(self) -> bool:
        """Whether it holds a code."""
        try:
            mfa_code(self.value)
        except ValueError:
            return False
        return True
