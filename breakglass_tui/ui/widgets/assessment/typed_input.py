"""TypedInput: one line of text that makes every paste safe to show."""

from __future__ import annotations

import unicodedata

from textual import events
from textual.widgets import Input

from breakglass_tui.domain.text import show

LONGEST = 2048
"""Maximum characters of a field. The limits of AWS are lower for every field."""
_LOOKALIKE = "�"
_PICTURES = 0x2400


def visible(text: str) -> str:
    """Return ``text`` with a visible character for each control, combining or zero-width character.

    A line break becomes its picture ␊. The rule of the field then refuses the text, instead of accepting a part of it.
    """
    return "".join(_visible(character) for character in text.strip())


def _visible(character: str) -> str:
    if ord(character) < 0x20:
        return chr(_PICTURES + ord(character))
    unseen = unicodedata.category(character).startswith("M") or show(character) != character
    return _LOOKALIKE if unseen else character


class TypedInput(Input):
    """A compact Input that keeps a paste whole, and makes every character of it visible."""

    def __init__(self, value: str, *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False, max_length=LONGEST)

    def on_paste(self, event: events.Paste) -> None:
        """Insert every line. Textual's Input inserts the first line only."""
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Paste the clipboard of the app."""
        self._insert(self.app.clipboard)

    def _insert(self, text: str) -> None:
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        self.replace(visible(text)[:room], start, end)
