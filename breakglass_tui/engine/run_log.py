"""Ledger: every event of a run passes here, is made durable, and is folded into what the steps may look up."""

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
    """What a run knows, of this process and those before it; safe to use from any thread.

    Until it is given something to keep events with, nothing outlives the process.
    """

    def __init__(self, record: RunRecord | None = None) -> None:
        self.record = record or RunRecord()
        self.broken: Problem | None = None
        self._persist: Persist | None = None
        self._lock = threading.RLock()
        self._earlier = frozenset(step.id for step in self.record.may_exist)

    def persist_with(self, persist: Persist) -> None:
        """From now on every event is made durable by ``persist``."""
        self._persist = persist

    def append_before(self, event: e.Event) -> None:
        """Take in what is about to be done; raises ``Problem`` if that is not durable, and then it must not be done."""
        with self._lock:
            if self._persist is not None:
                try:
                    self._persist(event)
                except Problem as problem:
                    self.broken = self.broken or problem
                    raise
            self.record.apply(event)

    def append_after(self, event: e.Event) -> None:
        """Take in what has happened: it has, whether or not it could be made durable; ``broken`` then says why not."""
        with self._lock:
            try:
                self.append_before(event)
            except Problem:
                self.record.apply(event)

    @property
    def facts(self) -> Mapping[str, str]:
        """The ids that were learned so far."""
        with self._lock:
            return dict(self.record.facts)

    def sent(self, operation: str) -> datetime | None:
        """When a step last sent a request of ``operation``, by this machine's clock; None if none ever did."""
        with self._lock:
            return self.record.recovery.sent.get(operation)

    def done(self, operation: str) -> bool:
        """Whether AWS answered a request of ``operation`` that it had carried it out, and it was not taken back."""
        with self._lock:
            return operation in self.record.recovery.done

    def unanswered(self, operation: str) -> int:
        """How many requests of ``operation`` went out without anybody knowing what became of them."""
        with self._lock:
            return max(self.record.recovery.unanswered[operation], 0)

    @property
    def unmanaged(self) -> frozenset[str]:
        """What somebody else was seen to make."""
        with self._lock:
            return frozenset(self.record.recovery.unmanaged)

    @property
    def envelopes(self) -> frozenset[str]:
        """The paths of the envelopes that this run wrote or began to write."""
        with self._lock:
            return frozenset(self.record.recovery.envelopes)

    def secret_stored(self, step: str) -> bool:
        """Whether the operator has stored the secret of ``step``."""
        with self._lock:
            return step in self.record.recovery.stored

    def started_earlier(self, step: str) -> bool:
        """Whether an earlier process began ``step``: AWS may hold what nobody in this one has seen."""
        return step in self._earlier
