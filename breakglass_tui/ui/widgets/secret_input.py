"""SecretInput: an input for a passphrase. The value appears in no log, repr or clipboard."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from textual import events
from textual.widgets import Input

LONGEST = 1024
"""The largest number of characters. A passphrase typed by hand is far shorter."""
CUT = "Only the first line was pasted, without control characters."


def typeable(text: str) -> str:
    """Return the first line of ``text`` without control and format characters and without surrounding white space."""
    line = next(iter(text.strip().splitlines()), "")
    return "".join(one for one in line if unicodedata.category(one)[0] != "C").strip()


class _Quiet:
    """Base of messages whose repr does not show their contents."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SecretInput(Input):
    """A masked input without copy, cut and suggestions. Neither its repr nor those of its messages show the value."""

    @dataclass(repr=False)
    class Changed(_Quiet, Input.Changed):
        """The operator has changed the value. The repr does not show it."""

    @dataclass(repr=False)
    class Submitted(_Quiet, Input.Submitted):
        """The operator has pressed enter. The repr does not show the value."""

    @dataclass(repr=False)
    class Blurred(_Quiet, Input.Blurred):
        """The input has lost the focus. The repr does not show the value."""

    def __init__(self, *, placeholder: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(
            placeholder=placeholder,
            password=True,
            max_length=LONGEST,
            compact=True,
            select_on_focus=False,
            id=id,
            classes=classes,
        )

    def action_copy(self) -> None:
        """Do nothing, because a clipboard would keep the passphrase."""

    def action_cut(self) -> None:
        """Do nothing, because a clipboard would keep the passphrase."""

    def action_paste(self) -> None:
        """Insert the text of Textual's own clipboard, by the rules of ``on_paste``."""
        self._take(self.app.clipboard)

    def on_paste(self, event: events.Paste) -> None:
        """Insert the first line of the paste, without control characters.

        If that leaves out something, show a notice, because the masked input does not show what is missing.
        """
        event.prevent_default()
        event.stop()
        self._take(event.text)

    def _take(self, text: str) -> None:
        line = typeable(text)
        if line != text.strip():
            self.notify(CUT, severity="warning", markup=False)
        start, end = sorted(self.selection)
        room = LONGEST - len(self.value) + end - start
        self.replace(line[:room], start, end)
