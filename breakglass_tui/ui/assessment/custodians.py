"""Custodians: input for age recipients and for how many of them must act together."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from breakglass_tui.secrets.recipient_text import count_recipients, is_path, parts_of, recipients_error
from breakglass_tui.ui.assessment.field import short
from breakglass_tui.ui.assessment.recipients_area import RecipientsArea
from breakglass_tui.ui.assessment.threshold import Threshold

PLACEHOLDER = "age1… or ssh-ed25519 …, or the path of a file of public keys"
DROPPED = "This is a secret key. It was removed. Paste the public key: age1… or the line of a .pub file."


class Custodians(Vertical):
    """A text area for age recipients, and the number of them that must act together to open an envelope.

    The input is validated after a paste and when it loses the focus. Paths of recipients files are not read here,
    because that takes time. ``noun`` is put before an error, to say which field it is about.
    """

    def __init__(self, title: str, text: str, threshold: int, id: str, *, noun: str = "") -> None:
        super().__init__(id=id)
        self._title, self._prefix = title, f"{noun}: " if noun else ""
        self._error = ""
        self.area = RecipientsArea(text, placeholder=PLACEHOLDER, id=f"{id}-area")
        self._threshold = Threshold(threshold)
        self._message = Static("", classes="seal-error", markup=False)

    def compose(self) -> ComposeResult:
        """Compose the title, the text area, the threshold, and the line for an error."""
        yield Static(self._title, classes="seal-title", markup=False)
        yield self.area
        yield self._threshold
        yield self._message

    def on_mount(self) -> None:
        """Hide the line for an error, and count the recipients."""
        self.complain("")
        self._count()

    @property
    def text(self) -> str:
        """The text of the area, as the operator typed it."""
        return self.area.text

    @property
    def threshold(self) -> int:
        """How many recipients must act together."""
        return self._threshold.value

    @property
    def error(self) -> str:
        """The error message on the screen, or an empty string."""
        return self._error

    def complain(self, error: str) -> None:
        """Show ``error`` below the text area. An empty string removes it."""
        self._error = error
        self._message.display = bool(error)
        self._message.update(f"✗ {self._prefix}{short(error)}" if error else "")

    def _count(self) -> None:
        parts = parts_of(self.text)
        recipients = [part for part in parts if not is_path(part)]
        self._threshold.show(count_recipients(recipients), more=len(recipients) < len(parts))

    def _judge(self) -> None:
        self._count()
        recipients = tuple(part for part in parts_of(self.text) if not is_path(part))
        # The number of recipients in a file is not known yet.
        threshold = self.threshold if len(recipients) == len(parts_of(self.text)) else 1
        self.complain(recipients_error(recipients, threshold))

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._error:
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
        """Validate the input when it loses the focus, unless it is empty or an error is shown already.

        An error that is shown may come from a recipients file, which is not read here. It stays until the text changes.
        """
        if self.text and not self._error:
            self._judge()
