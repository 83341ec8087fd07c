"""Secrecy: secrets on the screen, in the clipboard and in the memory, each for a limited time."""

from __future__ import annotations

import time
from typing import Any, ClassVar, Protocol

from textual import events
from textual.binding import Binding
from textual.driver import Driver

from breakglass_tui.ui.shell.app_mixin import AppMixin
from breakglass_tui.ui.shell.clipboard import SecretClipboard
from breakglass_tui.ui.shell.idle_time import IdleTimer

TICK_S = 0.5
SUSPEND = Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="suspend", priority=True)
"""The binding of an app to suspend the process. The driver of ``Secrecy`` hides a secret before that."""


class Showing(Protocol):
    """A widget that can show a secret. ``Masked`` is one."""

    def show_left(self, seconds: float) -> None:
        """Draw the secret. ``seconds`` is how long it will stay on the screen."""
        ...

    def mask(self) -> None:
        """Hide the secret."""
        ...


class Secrecy(AppMixin):
    """App mixin that shows at most one secret, and hides it after its time.

    It hides the secret earlier after ``IDLE_S`` seconds without a key or the mouse, and when the terminal loses the
    focus or changes its size. It also does so before another screen opens and before a suspend.

    ``secret_clipboard`` copies secrets. ``after_idle_time`` is called after a long time without a key.
    """

    IDLE_S: ClassVar[float] = 60

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._secret_shown: Showing | None = None
        self._secret_until = 0.0
        self._last_input = 0.0
        self.secret_clipboard = SecretClipboard(self, self.ticks)
        self.idle_timer = IdleTimer(self.ticks, lambda: self.in_use, self.after_idle_time)

    def ticks(self) -> float:
        """Return the monotonic time in seconds."""
        return time.monotonic()

    @property
    def shows_secret(self) -> bool:
        """Whether a secret is on the screen."""
        return self._secret_shown is not None

    def show_secret(self, showing: Showing, seconds: float) -> None:
        """Hide the secret on the screen, if there is one, then let ``showing`` draw its secret for ``seconds``."""
        self.hide_secrets()
        self._last_input = self.ticks()
        self._secret_shown, self._secret_until = showing, self._last_input + seconds
        showing.show_left(seconds)

    def hide_secrets(self) -> None:
        """Hide the secret on the screen, if there is one."""
        showing, self._secret_shown = self._secret_shown, None
        if showing is not None:
            showing.mask()

    def on_mount(self) -> None:
        """Start the timers of secrets. Subscribe to the end of a suspend, to draw everything again."""
        self.idle_timer.restart()
        self.set_interval(TICK_S, self._count_down)
        self.app_resume_signal.subscribe(self, lambda _: self._draw_again())

    def _draw_again(self) -> None:
        # Refreshing only the screen would draw nothing, because no widget has changed.
        for node in self.screen.walk_children(with_self=True):
            node.refresh()

    @property
    def in_use(self) -> bool:
        """Whether the program works, or waits for an answer of the operator."""
        return False

    def after_idle_time(self) -> None:
        """Remove secrets from the memory. The App defines it."""
        raise NotImplementedError

    def _count_down(self) -> None:
        self.secret_clipboard.count_down()
        self.idle_timer.check()
        self._count_secret_down()

    def _count_secret_down(self) -> None:
        if self._secret_shown is None:
            return
        now = self.ticks()
        if now >= self._secret_until or now - self._last_input >= self.IDLE_S:
            self.hide_secrets()
        else:
            self._secret_shown.show_left(self._secret_until - now)

    async def on_event(self, event: events.Event) -> None:
        """Restart the idle times at each key, paste and mouse event, then handle ``event``."""
        if isinstance(event, events.InputEvent | events.Paste):
            self.idle_timer.restart()
        if self._secret_shown is not None and isinstance(event, events.InputEvent):
            self._last_input = self.ticks()
        await super().on_event(event)

    def on_app_blur(self, _: events.AppBlur) -> None:
        """Hide the secret when the terminal loses the focus."""
        self.hide_secrets()

    def on_resize(self, _: events.Resize) -> None:
        """Hide the secret when the terminal changes its size, because the operator may be sharing the screen."""
        self.hide_secrets()

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """Hide the secret before another screen covers it."""
        self.hide_secrets()
        return super().push_screen(*args, **options)

    def switch_screen(self, *args: Any, **options: Any) -> Any:
        """Hide the secret before the screen changes."""
        self.hide_secrets()
        return super().switch_screen(*args, **options)

    def pop_screen(self) -> Any:
        """Hide the secret before a dialog closes."""
        self.hide_secrets()
        return super().pop_screen()

    def before_suspend(self) -> None:
        """Hide the secret and empty the clipboard, because a suspended process cannot do that later."""
        self.hide_secrets()
        self.secret_clipboard.empty()

    def on_unmount(self) -> None:
        """Empty the clipboard when the app ends."""
        self.secret_clipboard.empty()

    def get_driver_class(self) -> type[Driver]:
        """Return a subclass of the driver that calls ``before_suspend`` before a suspend by ctrl+z or SIGTSTP."""
        chosen = super().get_driver_class()
        before = self.before_suspend

        class TellingDriver(chosen):  # type: ignore[misc, valid-type] # the base is chosen at run time
            def suspend_application_mode(self) -> None:
                before()
                super().suspend_application_mode()

        return TellingDriver
