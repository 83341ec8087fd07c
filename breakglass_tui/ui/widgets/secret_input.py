"""SecretInput: a field for a passphrase that only its caller can read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from textual import events
from textual.widgets import Input

LONGEST = 1024
"""Maximum characters. A passphrase typed by hand is far shorter."""
CUT = "Only the first line was pasted, without control characters."


def typeable(text: str) -> str:
    """Return the first line of ``text``, without control and format characters and without surrounding white space."""
    line = next(iter(text.strip().splitlines()), "")
    return "".join(one for one in line if unicodedata.category(one)[0] != "C").strip()


class _Quiet:
    """A message whose repr does not show its contents."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SecretInput(Input):
    """A masked input without copy, cut and suggestions. No repr of it or of its messages shows the value."""

    @dataclass(repr=False)
    class Changed(_Quiet, Input.Changed):
        """The value has changed. The repr does not show it."""

    @dataclass(repr=False)
    class Submitted(_Quiet, Input.Submitted):
        """Enter was pressed. The repr does not show the value."""

    @dataclass(repr=False)
    class Blurred(_Quiet, Input.Blurred):
        """The field has lost the focus. The repr does not show the value."""

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
        """Do nothing: a clipboard keeps its contents."""

    def action_cut(self) -> None:
        """Do nothing, and delete nothing."""

    def action_paste(self) -> None:
        """Paste the clipboard of the app, by the same rules as a paste of the terminal."""
        self._take(self.app.clipboard)

    def on_paste(self, event: events.Paste) -> None:
        """Paste one line. Notify the operator if there was more, because a masked field does not show it."""
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
