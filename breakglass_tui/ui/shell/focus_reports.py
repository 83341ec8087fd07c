"""FocusReports: applies reports of the terminal that it lost or got the focus, at most twice a second."""

from __future__ import annotations

import time
from typing import Any

from textual import events

from breakglass_tui.ui.shell.app_mixin import AppMixin

PAUSE_S = 0.5
"""The least time, in seconds, between two changes. For each one Textual computes the styles of the whole screen."""


class FocusReports(AppMixin):
    """App mixin that changes ``app_focus`` to what the terminal reported last."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._has_focus = True
        self._focus_changed_at = 0.0
        self._focus_change_due = False

    async def _on_app_focus(self, event: events.AppFocus) -> None:
        event.prevent_default()
        self._plan_focus(has_focus=True)

    async def _on_app_blur(self, event: events.AppBlur) -> None:
        event.prevent_default()
        self._plan_focus(has_focus=False)

    def _plan_focus(self, *, has_focus: bool) -> None:
        self._has_focus = has_focus
        if not self._focus_change_due:
            self._focus_change_due = True
            left = self._focus_changed_at + PAUSE_S - time.monotonic()
            if left > 0:
                self.set_timer(left, self._apply_focus)
            else:
                self._apply_focus()

    def _apply_focus(self) -> None:
        self._focus_change_due = False
        if self.app_focus != self._has_focus:
            self._focus_changed_at = time.monotonic()
            self.app_focus = self._has_focus
            self.screen.refresh_bindings()

    async def on_event(self, event: events.Event) -> None:
        """Handle ``event``. A key or a click shows that the terminal has the focus."""
        if isinstance(event, events.Key | events.MouseDown):
            self._has_focus = True
        await super().on_event(event)
