"""How long the calls of a step or check took, when some of them run at the same time."""

from __future__ import annotations

import time
from collections import defaultdict

from breakglass_tui.domain.events import CallFinished, Event


class CallTimes:
    """The times of the calls of each step or check, measured when their events arrive."""

    def __init__(self) -> None:
        self._spans: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)

    def add(self, event: Event) -> None:
        """Record the time of a call, if ``event`` is the end of one."""
        if isinstance(event, CallFinished):
            now = time.perf_counter()
            self._spans[event.id].append((now - event.call.elapsed_ms / 1000, now))

    def seconds(self, id: str) -> float:
        """Return the seconds in which calls of the step or check ``id`` were under way. Parallel calls count once."""
        total = end = 0.0
        for began, ended in sorted(self._spans[id]):
            total += max(0.0, ended - max(began, end))
            end = max(end, ended)
        return total
