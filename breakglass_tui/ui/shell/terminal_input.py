"""TerminalInput: passes keys, clicks, pastes and focus reports of the terminal to the App, and survives floods."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

from textual import events
from textual.dom import DOMNode
from textual.driver import Driver
from textual.message import Message

from breakglass_tui.ui.shell.app_mixin import AppMixin
from breakglass_tui.ui.shell.input_queue import FOCUS, InputQueue
from breakglass_tui.ui.shell.pasted_keys import IGNORED, PastedKeys

QUEUED = (events.InputEvent, events.Paste, *FOCUS)
"""The events that pass through the queue. The others need none: Textual itself handles only the last of many sizes."""

WIDGET_S = 0.1
"""The longest time, in seconds, for which the next event waits until the widgets have handled a key."""


class TerminalInput(AppMixin):
    """App mixin that receives the input of the terminal through an ``InputQueue``, without the keys of a paste."""

    quit_keys = frozenset({"ctrl+q"})
    """The keys that are handled before a flood of others."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._input = InputQueue(self.post_message)
        self._pasted_keys = PastedKeys()
        self._arrived: deque[events.Event] = deque()

    def receive_from_thread(self, event: events.Event, loop: asyncio.AbstractEventLoop) -> None:
        """Receive ``event`` from the thread that reads the terminal. The loop is woken once for many events."""
        self._arrived.append(event)
        if len(self._arrived) == 1:
            with contextlib.suppress(RuntimeError):  # the loop is closed, so the App has ended
                loop.call_soon_threadsafe(self._receive_arrived)

    def _receive_arrived(self) -> None:
        # The events stay in the queue until the last one is taken, so that no second wake-up is sent meanwhile.
        while self._arrived:
            self.receive(self._arrived[0])
            self._arrived.popleft()

    def receive(self, event: events.Event) -> None:
        """Add an event of the terminal to the queue, unless it is a key or a click that came with a paste."""
        if self._pasted_keys.includes(event):
            if self._pasted_keys.first:
                self.notify(IGNORED, severity="warning", markup=False)
        else:
            self._input.put(event, self.quit_keys)

    async def on_event(self, event: events.Event) -> None:
        """Handle ``event``. If it came from the queue, let the queue deliver the next one afterwards."""
        try:
            await super().on_event(event)
        finally:
            if isinstance(event, events.Key) and self.screen_stack:
                self._wait_for(self.focused or self.screen, event)
                asyncio.get_running_loop().call_later(WIDGET_S, self._input.handled, event)
            else:
                self._input.handled(event)

    def _wait_for(self, node: DOMNode | None, key: events.Key) -> None:
        """Wait until ``node``, to which the key was passed, and then each of its parents have handled the key.

        A node that is removed meanwhile ends the wait only through ``WIDGET_S``.
        """
        if node is None or node is self:
            self._input.handled(key)
        else:
            node.call_later(self._wait_for, node.parent, key)

    def get_driver_class(self) -> type[Driver]:
        """Return a subclass of the driver that passes the input of the terminal to ``receive``."""
        chosen = super().get_driver_class()
        receive = self.receive_from_thread

        class QueueingDriver(chosen):  # type: ignore[misc, valid-type] # the base is chosen at run time
            def send_message(self, message: Message) -> None:
                if isinstance(message, QUEUED):
                    receive(message, self._loop)
                else:
                    super().send_message(message)

        return QueueingDriver
