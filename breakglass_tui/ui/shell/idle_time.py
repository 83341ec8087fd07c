"""IdleTime: acts after a long time without a key."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events

from breakglass_tui.ui.shell.secrecy import Secrecy

CHECK_S = 1


class IdleTime(Secrecy):
    """App mixin that calls ``after_idle_time`` after ``LONG_IDLE_S`` seconds without a key, a paste or the mouse.

    It does not count the time in which the program works or waits for an answer, which is while ``in_use`` is True.
    """

    LONG_IDLE_S: ClassVar[float] = 600

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._used_at = 0.0

    @property
    def in_use(self) -> bool:
        """Whether the program works, or waits for an answer of the operator."""
        return False

    def after_idle_time(self) -> None:
        """Remove secrets from the memory. The App defines it."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Start the timer that measures the idle time."""
        self._used_at = self.ticks()
        self.set_interval(CHECK_S, self._check_idle_time)

    def _check_idle_time(self) -> None:
        now = self.ticks()
        if self.in_use:
            self._used_at = now
        elif now - self._used_at >= self.LONG_IDLE_S:
            self._used_at = now
            self.after_idle_time()

    async def on_event(self, event: events.Event) -> None:
        """Restart the idle time at each key, paste and mouse event, then handle ``event``."""
        if isinstance(event, events.InputEvent | events.Paste):
            self._used_at = self.ticks()
        await super().on_event(event)
