"""RecipientsArea: several lines of recipients, which survive whatever is pasted into them."""

from __future__ import annotations

from time import monotonic

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from breakglass_tui.ui.widgets.assessment.typed_input import visible

LONGEST = 16 * 1024
"""Characters; twenty RSA keys of 4096 bits are as long."""
TAIL_S = 2.0
"""For so long after a private key what follows it is dropped, too."""
PRIVATE = ("AGE-SECRET-KEY-", "PRIVATE KEY-----")


def is_private(text: str) -> bool:
    """Whether a private key is in it."""
    return any(mark in text.upper() for mark in PRIVATE)


class RecipientsArea(TextArea):
    """Public keys only: a private one that gets in is dropped at once, with everything beside it."""

    class Pasted(Message):
        """Something came in as a whole."""

    class Dropped(Message):
        """A private key was there, and is not any more."""

    def __init__(self, text: str, *, placeholder: str, id: str) -> None:
        super().__init__(text, placeholder=placeholder, id=id, compact=True, highlight_cursor_line=False)
        self._dropped_at = -TAIL_S

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._insert(event.text)

    def action_paste(self) -> None:
        """Paste what was copied inside the app."""
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
        """A terminal may send a paste as keys; then the rest of the private key follows its first words."""
        follows = monotonic() - self._dropped_at < TAIL_S
        if is_private(self.text) or (follows and self.text):
            self._drop()

    def _drop(self) -> None:
        self._dropped_at = monotonic()
        # Loading anew forgets what could be undone, too.
        self.load_text("")
        self.post_message(self.Dropped())
