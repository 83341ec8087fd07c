"""RunLog: stores every event of a run durably, and updates the record of the run, which the steps read."""

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
    """The events of a run, combined into ``record``, with those of earlier processes. Safe to use from any thread.

    Before ``persist_with``, events are not durable and are lost when the process ends. ``broken`` is the first problem
    that prevented an event from being stored, or None. ``user_absent`` means that a step of this process has found for
    some seconds that the user of the run does not exist.
    """

    def __init__(self, record: RunRecord | None = None) -> None:
        self.record = record or RunRecord()
        self.broken: Problem | None = None
        self.user_absent = False
        self._persist: Persist | None = None
        self._lock = threading.RLock()
        self._earlier = frozenset(step.id for step in self.record.may_exist)

    def persist_with(self, persist: Persist) -> None:
        """Store every further event durably with ``persist``."""
        self._persist = persist

    def append_before(self, event: e.Event) -> None:
        """Append an event that is about to happen.

        Raises ``Problem`` if it cannot be stored: then it must not happen.
        """
        with self._lock:
            if self._persist is not None:
                try:
                    self._persist(event)
                except Problem as problem:
                    self.broken = self.broken or problem
                    raise
            self.record.apply(event)

    def append_after(self, event: e.Event) -> None:
        """Append an event that has already happened.

        If it cannot be stored, ``broken`` is set, and nothing is raised.
        """
        with self._lock:
            try:
                self.append_before(event)
            except Problem:
                self.record.apply(event)

    @property
    def facts(self) -> Mapping[str, str]:
        """The ids that AWS returned so far, by name."""
        with self._lock:
            return dict(self.record.facts)

    def sent(self, operation: str) -> datetime | None:
        """Return when a step last sent a request of ``operation``, by this machine's clock.

        None if no step sent one.
        """
        with self._lock:
            return self.record.recovery.sent.get(operation)

    def done(self, operation: str) -> bool:
        """Return whether AWS applied a request of ``operation``, and the run has not deleted the result since."""
        with self._lock:
            return operation in self.record.recovery.done

    def unanswered(self, operation: str) -> int:
        """Return the number of requests of ``operation`` that were sent and whose result is unknown."""
        with self._lock:
            return max(self.record.recovery.unanswered[operation], 0)

    @property
    def unmanaged(self) -> frozenset[str]:
        """Descriptions of the resources that appeared during the run and that the run did not create."""
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
        """Return whether an earlier process started ``step``.

        AWS may then have resources that this process does not know.
        """
        return step in self._earlier
