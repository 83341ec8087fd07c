"""RecipientsArea: a text area for recipients that makes every paste safe to show."""

from __future__ import annotations

from time import monotonic

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from breakglass_tui.ui.widgets.assessment.typed_input import visible

LONGEST = 16 * 1024
"""Characters: the length of twenty RSA keys of 4096 bits."""
TAIL_S = 2.0
"""Seconds after a private key in which following text is dropped too."""
PRIVATE = ("AGE-SECRET-KEY-", "PRIVATE KEY-----")


def is_private(text: str) -> bool:
    """Return whether ``text`` contains a private key."""
    return any(mark in text.upper() for mark in PRIVATE)


class RecipientsArea(TextArea):
    """A text area for public keys. It drops a private key at once, with all other text."""

    class Pasted(Message):
        """A text was pasted."""

    class Dropped(Message):
        """A private key was found, and the text was removed."""

    def __init__(self, text: str, *, placeholder: str, id: str) -> None:
        super().__init__(text, placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False)
        self._dropped_at = -TAIL_S

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Paste the clipboard of the app."""
        self._insert(self.app.clipboard)

    def _insert(self, text: str) -> None:
        if is_private(text):
            self._drop()
            return
        room = max(LONGEST - len(self.text) + len(self.selected_text), 0)
        lines = text[:room].replace("\t", " ").splitlines()
        ends = "\n" if text.endswith(("\n", "\r")) else ""
        done = self.replace("\n".join(map(visible, lines)) + ends, *self.selection, maintain_selection_offset=False)
        self.move_cursor(done.end_location)
        self.post_message(self.Pasted())

    def on_text_area_changed(self) -> None:
        """Drop a private key. A terminal may send a paste as keys: the rest of the key then follows its first words."""
        follows = monotonic() - self._dropped_at < TAIL_S
        if is_private(self.text) or (follows and self.text):
            self._drop()

    def _drop(self) -> None:
        self._dropped_at = monotonic()
        # Loading a text also clears the undo history, which has the private key.
        self.load_text("")
        self.post_message(self.Dropped())
