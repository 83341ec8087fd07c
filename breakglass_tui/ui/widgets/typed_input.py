"""TypedInput: one line of text. Invisible characters in a paste become visible, and an access key is masked."""

from __future__ import annotations

import unicodedata

from textual import events
from textual.widgets import Input

from breakglass_tui.domain.access_keys import MASK, has_access_key
from breakglass_tui.domain.text import show
from breakglass_tui.ui.shell.pasted_secrets import warn_of_access_key, without_access_key

LONGEST = 2048
"""The largest number of characters. AWS allows fewer for every field of the form."""
_LOOKALIKE = "�"
_PICTURES = 0x2400


def visible(text: str) -> str:
    """Return ``text`` with a visible character in place of each control, combining or zero-width character.

    A line break becomes ␊. So the rule of the field refuses a text of several lines, and its first line is not accepted
    alone.
    """
    return "".join(_visible(character) for character in text.strip())


def _visible(character: str) -> str:
    if ord(character) < 0x20:
        return chr(_PICTURES + ord(character))
    unseen = unicodedata.category(character).startswith("M") or show(character) != character
    return _LOOKALIKE if unseen else character


class TypedInput(Input):
    """A compact ``Input`` that inserts pasted text completely, with a visible character for each invisible one.

    An access key that was typed is replaced by a mask as soon as it is complete. The app masks a pasted one.
    """

    def __init__(self, value: str = "", *, placeholder: str = "") -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False, max_length=LONGEST)

    def on_paste(self, event: events.Paste) -> None:
        """Insert all lines of the paste. Textual's ``Input`` would insert only the first."""
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Insert the text of Textual's own clipboard."""
        self._insert(without_access_key(self.app, self.app.clipboard))

    def validate_value(self, value: str) -> str:
        """Return ``value``. If it has an access key, warn the operator and return the mask instead."""
        if not has_access_key(value):
            return value
        warn_of_access_key(self.app)
        return MASK

    def _insert(self, text: str) -> None:
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        self.replace(visible(text)[:room], start, end)
