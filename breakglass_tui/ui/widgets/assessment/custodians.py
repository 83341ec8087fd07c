"""Custodians: people's public keys, how many of them open together, and what is wrong with that."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from breakglass_tui.ui.recipients import is_path, parts_of, recipients_error
from breakglass_tui.ui.widgets.assessment.field import short
from breakglass_tui.ui.widgets.assessment.recipients_area import RecipientsArea
from breakglass_tui.ui.widgets.assessment.threshold import Threshold

PLACEHOLDER = "age1… or ssh-ed25519 …, one per line; or the path of a file with them"
DROPPED = "this is a private key, and was not taken; paste the public one, age1… or the line of a .pub file"


class Custodians(Vertical):
    """Judged when something is pasted and when it is left; files are read later, by who asks for the result."""

    def __init__(self, title: str, text: str, threshold: int, id: str) -> None:
        super().__init__(id=id)
        self._title = title
        self._error = ""
        self.area = RecipientsArea(text, placeholder=PLACEHOLDER, id=f"{id}-area")
        self._threshold = Threshold(threshold)
        self._message = Static("", classes="seal-error", markup=False)

    def compose(self) -> ComposeResult:
        """Who, how many of them, and what is wrong."""
        yield Static(self._title, classes="seal-title", markup=False)
        yield self.area
        yield self._threshold
        yield self._message

    def on_mount(self) -> None:
        """Nothing is wrong yet."""
        self.complain("")
        self._count()

    @property
    def text(self) -> str:
        """What was typed."""
        return self.area.text

    @property
    def threshold(self) -> int:
        """How many must open together."""
        return self._threshold.value

    @property
    def error(self) -> str:
        """What is wrong, or nothing."""
        return self._error

    def complain(self, error: str) -> None:
        """Show what is wrong, or nothing any more."""
        self._error = error
        self._message.display = bool(error)
        self._message.update(f"✗ {short(error)}" if error else "")

    def _count(self) -> None:
        parts = parts_of(self.text)
        files = sum(map(is_path, parts))
        self._threshold.tell(len(parts) - files, more=files > 0)

    def _judge(self) -> None:
        self._count()
        recipients = tuple(part for part in parts_of(self.text) if not is_path(part))
        # With a file among them it is not known yet how many there are.
        threshold = self.threshold if len(recipients) == len(parts_of(self.text)) else 1
        self.complain(recipients_error(recipients, threshold))

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._error and self.text:
            self._judge()
        else:
            self._count()

    @on(RecipientsArea.Pasted)
    def _pasted(self, event: RecipientsArea.Pasted) -> None:
        event.stop()
        self._judge()

    @on(RecipientsArea.Dropped)
    def _dropped(self, event: RecipientsArea.Dropped) -> None:
        event.stop()
        self.complain(DROPPED)

    @on(Threshold.Changed)
    def _stepped(self, event: Threshold.Changed) -> None:
        event.stop()
        self._judge()

    def on_descendant_blur(self) -> None:
        """What is left is judged; what was found wrong stands until it is changed, for here no file is read."""
        if self.text and not self._error:
            self._judge()
