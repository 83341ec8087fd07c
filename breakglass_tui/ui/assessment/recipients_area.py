"""RecipientsArea: a text area for recipients. It makes pasted text safe to show, and removes secret keys."""

from __future__ import annotations

from time import monotonic

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from breakglass_tui.domain.access_keys import has_access_key
from breakglass_tui.ui.shell.pasted_secrets import warn_of_access_key, without_access_key
from breakglass_tui.ui.widgets.typed_input import visible

LONGEST = 16 * 1024
"""The largest number of characters. Twenty RSA public keys of 4096 bits fit."""
TAIL_S = 2.0
"""Seconds after a removed private key in which all text is removed, because it may be the rest of the key."""
PRIVATE = ("AGE-SECRET-KEY-", "PRIVATE KEY-----")


def is_private(text: str) -> bool:
    """Return whether ``text`` contains a private key."""
    return any(mark in text.upper() for mark in PRIVATE)


class RecipientsArea(TextArea):
    """A text area for public keys. If a private key or an access key is entered, it removes all of its text at once."""

    class Pasted(Message):
        """The operator has pasted a text."""

    class Dropped(Message):
        """A private key or an access key was entered, and all text was removed."""

    def __init__(self, text: str, *, placeholder: str, id: str) -> None:
        super().__init__(text, placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False)
        self._dropped_at = -TAIL_S

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Insert the text of Textual's own clipboard."""
        self._insert(without_access_key(self.app, self.app.clipboard))

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
        """Remove all text if it contains a private key, or if it follows one within ``TAIL_S`` seconds.

        Some terminals send a paste as single keys. Then the rest of a private key arrives after its first words.
        """
        follows = monotonic() - self._dropped_at < TAIL_S
        if has_access_key(self.text):
            warn_of_access_key(self.app)
            self._drop()
        elif is_private(self.text) or (follows and self.text):
            self._drop()

    def _drop(self) -> None:
        self._dropped_at = monotonic()
        # Loading a text also clears the undo history, which has the private key.
        self.load_text("")
        self.post_message(self.Dropped())
