"""TypedInput: one line of text that survives whatever is pasted into it."""

from __future__ import annotations

import unicodedata

from textual import events
from textual.widgets import Input

from breakglass_tui.domain.text import show

LONGEST = 2048
"""Characters a field takes; what AWS allows for any of them is shorter."""
_LOOKALIKE = "�"
_PICTURES = 0x2400


def visible(text: str) -> str:
    """``text`` with one visible character for each that has no cell of its own or steers a terminal.

    A line break stays as its picture ␊: the rule of the field then refuses it, instead of half of it being taken.
    """
    return "".join(_visible(character) for character in text.strip())


def _visible(character: str) -> str:
    if ord(character) < 0x20:
        return chr(_PICTURES + ord(character))
    unseen = unicodedata.category(character).startswith("M") or show(character) != character
    return _LOOKALIKE if unseen else character


class TypedInput(Input):
    """A compact Input; a paste is kept whole and made visible."""

    def __init__(self, value: str, *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False, max_length=LONGEST)

    def on_paste(self, event: events.Paste) -> None:
        """Take every line, where Input takes the first and drops the rest."""
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Paste what was copied inside the app."""
        self._insert(self.app.clipboard)

    def _insert(self, text: str) -> None:
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        self.replace(visible(text)[:room], start, end)
