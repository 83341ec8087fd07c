"""A secret in the terminal's clipboard: on request, for half a minute, and said to be what it is."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any, ClassVar

from textual.signal import Signal

from breakglass_tui.ui.shell.secrecy import TICK_S, Secrecy

if TYPE_CHECKING:
    from breakglass_tui.domain.questions import Hidden

SENT = "Sent to the clipboard for {left} s; nobody can tell if it arrived. Clipboard managers and tmux may keep it."
OVER_SSH = "Over SSH a copy passes every machine on the way. Press c once more if it may."
EMPTIED = "The clipboard was told to be empty; whether it is cannot be known."
SSH_VARIABLES = ("SSH_TTY", "SSH_CONNECTION")


class Clipboard(Secrecy):
    """Copies by OSC 52, which only writes: what is there cannot be read back, so it is emptied blindly.

    ``clipboard_told`` tells what the operator shall know of it; an empty text when there is nothing to know.
    """

    CLIPBOARD_S: ClassVar[float] = 30

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.clipboard_told: Signal[str] = Signal(self, "clipboard-told")
        self._copied: Hidden | None = None
        self._copied_until = 0.0
        self._warned_of: Hidden | None = None

    def on_mount(self) -> None:
        """Count down."""
        self.set_interval(TICK_S, self._count_copy_down)

    def copy_secret(self, secret: Hidden) -> bool:
        """Send it to the terminal's clipboard; over SSH only when asked twice. Says whether it was sent."""
        if self._warned_of is not secret and any(os.environ.get(name) for name in SSH_VARIABLES):
            self._warned_of = secret
            self.clipboard_told.publish(OVER_SSH)
            return False
        self.copy_to_clipboard(secret.reveal())
        self._copied, self._copied_until = secret, self.ticks() + self.CLIPBOARD_S
        self.clipboard_told.publish(SENT.format(left=math.ceil(self.CLIPBOARD_S)))
        return True

    def empty_clipboard(self) -> None:
        """Write nothing over the secret, if one was sent and the app has sent nothing else since."""
        copied, self._copied = self._copied, None
        if copied is not None:
            if self.clipboard == copied.reveal():
                self.copy_to_clipboard("")
            self.clipboard_told.publish(EMPTIED)

    def forget_copying(self) -> None:
        """The secret is no longer asked about: empty the clipboard, and say no more about it."""
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
            # Otherwise the warning about the next one stands there.
            self.clipboard_told.publish(SENT.format(left=math.ceil(left)))

    def before_suspend(self) -> None:
        """A process that stands still empties nothing later."""
        super().before_suspend()
        self.empty_clipboard()

    def on_unmount(self) -> None:
        """However the app ends, the secret does not stay behind."""
        self.empty_clipboard()
