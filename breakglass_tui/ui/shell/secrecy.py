"""What keeps a secret on the screen short: one at a time, for seconds, and only while somebody looks at it."""

from __future__ import annotations

import time
from typing import Any, ClassVar, Protocol

from textual import events
from textual.binding import Binding
from textual.driver import Driver

from breakglass_tui.ui.shell.part import Part

TICK_S = 0.5
SUSPEND = Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="suspend", priority=True)
"""For the App: what is on the screen is hidden first."""


class Showing(Protocol):
    """A widget with a secret on the screen."""

    def tell_left(self, seconds: float) -> None:
        """Draw the secret, and how long it stays."""
        ...

    def mask(self) -> None:
        """Take the secret off the screen."""
        ...


class Secrecy(Part):
    """At most one secret is shown; it goes with its time, the focus, a resize, idleness, another screen, a suspend."""

    IDLE_S: ClassVar[float] = 60

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._secret_shown: Showing | None = None
        self._secret_until = 0.0
        self._last_input = 0.0

    def ticks(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()

    @property
    def shows_secret(self) -> bool:
        """Whether a secret is on the screen."""
        return self._secret_shown is not None

    def show_secret(self, showing: Showing, seconds: float) -> None:
        """Let ``showing`` draw its secret for so long; another one is hidden."""
        self.hide_secrets()
        self._last_input = self.ticks()
        self._secret_shown, self._secret_until = showing, self._last_input + seconds
        showing.tell_left(seconds)

    def hide_secrets(self) -> None:
        """Mask whatever is shown."""
        showing, self._secret_shown = self._secret_shown, None
        if showing is not None:
            showing.mask()

    def on_mount(self) -> None:
        """Count down; and draw everything again on a terminal that somebody else had meanwhile."""
        self.set_interval(TICK_S, self._count_secret_down)
        self.app_resume_signal.subscribe(self, lambda _: self._draw_again())

    def _draw_again(self) -> None:
        # To refresh the screen alone draws what has changed, and nothing has.
        for node in self.screen.walk_children(with_self=True):
            node.refresh()

    def _count_secret_down(self) -> None:
        if self._secret_shown is None:
            return
        now = self.ticks()
        if now >= self._secret_until or now - self._last_input >= self.IDLE_S:
            self.hide_secrets()
        else:
            self._secret_shown.tell_left(self._secret_until - now)

    async def on_event(self, event: events.Event) -> None:
        """Whoever presses a key or moves the mouse is there."""
        if self._secret_shown is not None and isinstance(event, events.InputEvent):
            self._last_input = self.ticks()
        await super().on_event(event)

    def watch_app_focus(self, focus: bool) -> None:
        """An operator who looks elsewhere does not leave the secret behind."""
        if not focus:
            self.hide_secrets()

    def on_resize(self, _: events.Resize) -> None:
        """Whoever changes the terminal may be showing it to others."""
        self.hide_secrets()

    def push_screen(self, *args: Any, **options: Any) -> Any:
        """Nothing is put over a secret."""
        self.hide_secrets()
        return super().push_screen(*args, **options)

    def switch_screen(self, *args: Any, **options: Any) -> Any:
        """A secret does not go from screen to screen."""
        self.hide_secrets()
        return super().switch_screen(*args, **options)

    def pop_screen(self) -> Any:
        """A secret on a dialog goes with it."""
        self.hide_secrets()
        return super().pop_screen()

    def before_suspend(self) -> None:
        """What must be gone before somebody else has the terminal."""
        self.hide_secrets()

    def get_driver_class(self) -> type[Driver]:
        """The driver, telling before it gives the terminal away: by ctrl+z, or by SIGTSTP from outside."""
        chosen = super().get_driver_class()
        before = self.before_suspend

        class TellingDriver(chosen):  # type: ignore[misc, valid-type] # the base is chosen at run time
            def suspend_application_mode(self) -> None:
                before()
                super().suspend_application_mode()

        return TellingDriver
