"""InputQueue: the events of the terminal that the App has not handled yet. A flood of them stays short."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

from textual import events

STORM = 64
"""The number of waiting events from which the quit key overtakes them. A hand does not type so far ahead."""
LIMIT = 1000
"""The number of waiting events from which keys, clicks and pastes are dropped."""
FOCUS = (events.AppFocus, events.AppBlur)


class InputQueue:
    """A queue that delivers one event at a time: the next when the App has handled the one before.

    Waiting mouse positions and focus reports that no longer matter are dropped.
    """

    def __init__(self, deliver: Callable[[events.Event], bool]) -> None:
        """Create an empty queue. ``deliver`` posts an event to the App, and returns whether the App accepts it."""
        self._deliver = deliver
        self._waiting: deque[events.Event] = deque()
        self._delivered: events.Event | None = None

    def put(self, event: events.Event, quit_keys: Collection[str] = ()) -> None:
        """Add ``event``, and deliver it if nothing waits before it. A key of ``quit_keys`` ends the program."""
        waiting = self._waiting
        quits = isinstance(event, events.Key) and event.key in quit_keys
        if isinstance(event, FOCUS):
            # A blur hides a secret, so it stays. A focus that a blur follows does not matter.
            replaced = events.AppFocus if isinstance(event, events.AppFocus) else FOCUS
            while waiting and isinstance(waiting[-1], replaced):
                waiting.pop()
        elif isinstance(event, events.MouseMove):
            if waiting and isinstance(waiting[-1], events.MouseMove):
                waiting.pop()
        elif quits:
            if len(waiting) >= STORM:
                waiting.clear()
        elif len(waiting) >= LIMIT:
            return
        waiting.append(event)
        self._next()

    def handled(self, event: events.Event) -> None:
        """Deliver the next event, if ``event`` is the one that was delivered last."""
        if event is self._delivered:
            self._delivered = None
            self._next()

    def _next(self) -> None:
        while self._delivered is None and self._waiting:
            event = self._waiting.popleft()
            if self._deliver(event):
                self._delivered = event
