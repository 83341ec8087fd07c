"""RunLog: makes every event of a run durable, and updates the record that the steps read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord

Persist = Callable[[e.Event], None]
"""Makes an event durable, or raises ``Problem``."""


class RunLog:
    """The events of a run, of this process and of earlier ones, as a record. Safe to use from any thread.

    Before ``persist_with``, events are not durable: they are lost when the process ends. ``broken`` is the problem that
    made an event impossible to record, None if there is none.
    """

    def __init__(self, record: RunRecord | None = None) -> None:
        self.record = record or RunRecord()
        self.broken: Problem | None = None
        self._persist: Persist | None = None
        self._lock = threading.RLock()
        self._earlier = frozenset(step.id for step in self.record.may_exist)

    def persist_with(self, persist: Persist) -> None:
        """Make every further event durable with ``persist``."""
        self._persist = persist

    def append_before(self, event: e.Event) -> None:
        """Append an event before it happens. Raises ``Problem`` if it is not durable: then it must not happen."""
        with self._lock:
            if self._persist is not None:
                try:
                    self._persist(event)
                except Problem as problem:
                    self.broken = self.broken or problem
                    raise
            self.record.apply(event)

    def append_after(self, event: e.Event) -> None:
        """Append an event after it happened. If it cannot be made durable, ``broken`` has the problem."""
        with self._lock:
            try:
                self.append_before(event)
            except Problem:
                self.record.apply(event)

    @property
    def facts(self) -> Mapping[str, str]:
        """The ids that AWS returned so far."""
        with self._lock:
            return dict(self.record.facts)

    def sent(self, operation: str) -> datetime | None:
        """Return when a step last sent a request of ``operation``, by this machine's clock. None if no step did."""
        with self._lock:
            return self.record.recovery.sent.get(operation)

    def done(self, operation: str) -> bool:
        """Return whether AWS confirmed a request of ``operation`` that was not undone since."""
        with self._lock:
            return operation in self.record.recovery.done

    def unanswered(self, operation: str) -> int:
        """Return the number of requests of ``operation`` that were sent and whose result is unknown."""
        with self._lock:
            return max(self.record.recovery.unanswered[operation], 0)

    @property
    def unmanaged(self) -> frozenset[str]:
        """The resources that appeared during the run and that it did not create."""
        with self._lock:
            return frozenset(self.record.recovery.unmanaged)

    @property
    def envelopes(self) -> frozenset[str]:
        """The paths of the envelopes that this run wrote or started to write."""
        with self._lock:
            return frozenset(self.record.recovery.envelopes)

    def secret_stored(self, step: str) -> bool:
        """Return whether the operator has stored the secret of ``step``."""
        with self._lock:
            return step in self.record.recovery.stored

    def started_earlier(self, step: str) -> bool:
        """Return whether an earlier process started ``step``. AWS may then have resources unknown to this process."""
        return step in self._earlier
