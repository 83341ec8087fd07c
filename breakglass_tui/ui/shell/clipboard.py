"""SecretClipboard: copies a secret to the terminal's clipboard for 30 seconds."""

from __future__ import annotations

import math
import os
from collections.abc import Callable

from textual.app import App
from textual.signal import Signal

from breakglass_tui.domain.questions import Hidden

SENT = "Sent to the clipboard for {left} s. Arrival cannot be verified. Clipboard managers and tmux may keep it."
OVER_SSH = "Not copied yet. Over SSH the secret passes every machine on the way. Press c again to copy it."
EMPTIED = "The terminal was asked to empty the clipboard. This cannot be verified."
CLIPBOARD_S = 30
"""Seconds for which a secret stays in the clipboard."""
SSH_VARIABLES = ("SSH_TTY", "SSH_CONNECTION")


class SecretClipboard:
    """Copies a secret to the clipboard of the terminal of ``app``.

    It empties the clipboard after ``CLIPBOARD_S`` seconds. It uses the escape sequence OSC 52, which only writes. So
    the program cannot verify what the clipboard contains. ``notices`` publishes the notice to show, or an empty string
    to remove it. ``ticks`` returns a monotonic time in seconds.
    """

    def __init__(self, app: App[None], ticks: Callable[[], float]) -> None:
        self._app, self._ticks = app, ticks
        self.notices: Signal[str] = Signal(app, "clipboard-notices")
        self._copied: Hidden | None = None
        self._copied_until = 0.0
        self._warned_of: Hidden | None = None

    def copy(self, secret: Hidden) -> bool:
        """Copy ``secret`` to the terminal's clipboard. Return whether it was sent.

        Over SSH, the first request only publishes a warning, and the second request copies.
        """
        if self._warned_of is not secret and any(os.environ.get(name) for name in SSH_VARIABLES):
            self._warned_of = secret
            self.notices.publish(OVER_SSH)
            return False
        self._app.copy_to_clipboard(secret.reveal())
        self._copied, self._copied_until = secret, self._ticks() + CLIPBOARD_S
        self.notices.publish(SENT.format(left=math.ceil(CLIPBOARD_S)))
        return True

    def empty(self) -> None:
        """Replace the secret in the clipboard by an empty text, unless something else was copied since."""
        copied, self._copied = self._copied, None
        if copied is not None:
            if self._app.clipboard == copied.reveal():
                self._app.copy_to_clipboard("")
            self.notices.publish(EMPTIED)

    def forget(self) -> None:
        """Empty the clipboard and remove the notice, because the secret is no longer on the screen."""
        self._warned_of = None
        self.empty()
        self.notices.publish("")

    def count_down(self) -> None:
        """Empty the clipboard when its time is over, else publish the notice with the time left. Call it regularly."""
        if self._copied is None:
            return
        left = self._copied_until - self._ticks()
        if left <= 0:
            self.empty()
        elif self._warned_of in (None, self._copied):
            # Else the notice is the SSH warning about another secret, which must stay.
            self.notices.publish(SENT.format(left=math.ceil(left)))
