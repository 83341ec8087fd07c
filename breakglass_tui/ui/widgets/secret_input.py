"""SecretInput: a field for a passphrase, which goes nowhere but to who asked for it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from textual import events
from textual.widgets import Input

LONGEST = 1024
"""Characters; what an operator types by hand is far shorter."""
CUT = "Only the first line was pasted, without what cannot be typed."


def typeable(text: str) -> str:
    """The first line of ``text`` without control and format characters, and without white space around it."""
    line = next(iter(text.strip().splitlines()), "")
    return "".join(one for one in line if unicodedata.category(one)[0] != "C").strip()


class _Quiet:
    """A message that does not show what it carries."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SecretInput(Input):
    """Masked; copies and cuts nothing, suggests nothing, and no repr of it or of its messages shows the value."""

    @dataclass(repr=False)
    class Changed(_Quiet, Input.Changed):
        """The value changed; its repr does not say to what."""

    @dataclass(repr=False)
    class Submitted(_Quiet, Input.Submitted):
        """Enter was pressed; the repr does not show the value."""

    @dataclass(repr=False)
    class Blurred(_Quiet, Input.Blurred):
        """The focus went elsewhere; the repr does not show the value."""

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
        """Nothing: a clipboard keeps what it gets."""

    def action_cut(self) -> None:
        """Nothing, and nothing is deleted either."""

    def action_paste(self) -> None:
        """Paste what was copied inside the app, by the same rules as a terminal's paste."""
        self._take(self.app.clipboard)

    def on_paste(self, event: events.Paste) -> None:
        """Take one line; say so when there was more, because a masked field does not show it."""
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
