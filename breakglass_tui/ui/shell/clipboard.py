"""Clipboard: copies a secret to the terminal's clipboard for 30 seconds."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any, ClassVar

from textual.signal import Signal

from breakglass_tui.ui.shell.secrecy import TICK_S, Secrecy

if TYPE_CHECKING:
    from breakglass_tui.domain.questions import Hidden

SENT = "Sent to the clipboard for {left} s. Arrival cannot be verified. Clipboard managers and tmux may keep it."
OVER_SSH = "Not copied yet. Over SSH the secret passes every machine on the way. Press c again to copy it."
EMPTIED = "The terminal was asked to empty the clipboard. This cannot be verified."
SSH_VARIABLES = ("SSH_TTY", "SSH_CONNECTION")


class Clipboard(Secrecy):
    """App mixin that copies a secret to the terminal's clipboard.

    It empties the clipboard after ``CLIPBOARD_S`` seconds. It uses the escape sequence OSC 52, which only writes. So
    the program cannot verify what the clipboard contains. ``clipboard_told`` publishes the notice to show, or an empty
    string to remove it.
    """

    CLIPBOARD_S: ClassVar[float] = 30

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.clipboard_told: Signal[str] = Signal(self, "clipboard-told")
        self._copied: Hidden | None = None
        self._copied_until = 0.0
        self._warned_of: Hidden | None = None

    def on_mount(self) -> None:
        """Start the timer that empties the clipboard."""
        self.set_interval(TICK_S, self._count_copy_down)

    def copy_secret(self, secret: Hidden) -> bool:
        """Copy ``secret`` to the terminal's clipboard. Return whether it was sent.

        Over SSH, the first request only publishes a warning, and the second request copies.
        """
        if self._warned_of is not secret and any(os.environ.get(name) for name in SSH_VARIABLES):
            self._warned_of = secret
            self.clipboard_told.publish(OVER_SSH)
            return False
        self.copy_to_clipboard(secret.reveal())
        self._copied, self._copied_until = secret, self.ticks() + self.CLIPBOARD_S
        self.clipboard_told.publish(SENT.format(left=math.ceil(self.CLIPBOARD_S)))
        return True

    def empty_clipboard(self) -> None:
        """Replace the secret in the clipboard by an empty text, unless something else was copied since."""
        copied, self._copied = self._copied, None
        if copied is not None:
            if self.clipboard == copied.reveal():
                self.copy_to_clipboard("")
            self.clipboard_told.publish(EMPTIED)

    def forget_copying(self) -> None:
        """Empty the clipboard and remove the notice, because the secret is no longer on the screen."""
        self._warned_of = None
        self.empty_clipboard()
        self.clipboard_told.publish("")

    def _count_copy_down(self) -> None:
        if self._copied is None:
            return
        left = self._copied_until - self.ticks()
        if left <= 0:
            self.empty_clipboard()
        elif self._warned_of in (None, self._copied):
            # Else the notice is the SSH warning about another secret, which must stay.
            self.clipboard_told.publish(SENT.format(left=math.ceil(left)))

    def before_suspend(self) -> None:
        """Hide the secret and empty the clipboard, because a suspended process cannot do that later."""
        super().before_suspend()
        self.empty_clipboard()

    def on_unmount(self) -> None:
        """Empty the clipboard when the app ends."""
        self.empty_clipboard()
