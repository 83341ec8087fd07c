"""The journal of a user: proofs by use and accepted devices, append-only, with the same chain of hashes as a run's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from breakglass_tui.domain.checks import CheckResult
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.user_history import CheckProven, UserEvent, UserHistory
from breakglass_tui.engine.journal import Journal, read_user_events
from breakglass_tui.engine.lock import lock_name
from breakglass_tui.engine.run_store import RunStore


class UserJournal:
    """The journal of one user below the root of ``store``. Touches no disk before ``read`` or ``append``."""

    def __init__(self, store: RunStore, account_id: str, user_name: str) -> None:
        self._store = store
        self._account_id = account_id
        self._user_name = user_name
        self._name = lock_name(account_id, user_name).removesuffix(".lock") + ".jsonl"

    def read(self) -> UserHistory:
        """Return the folded events, empty without a journal. Raises ``Problem`` if a line was changed."""
        history, path = UserHistory(), self._store.root / "users" / self._name
        if path.exists():
            self._store.require_safe(path.parent)
            for event in read_user_events(path):
                history.apply(event)
        return history

    def append(self, events: Iterable[UserEvent]) -> None:
        """Append ``events`` and make each durable. Raises ``Problem``, of kind BUSY if another process has the user."""
        events = tuple(events)
        if not events:
            return
        with self._store.claim(self._account_id, self._user_name):
            journal = Journal(self._store.private_directory("users") / self._name)
            try:
                for event in events:
                    journal.write(event)
            finally:
                journal.close()


def proofs_of(results: Iterable[CheckResult], at: datetime) -> Iterator[CheckProven]:
    """Yield an event for each result that was proven by use."""
    return (CheckProven(at, result.id, result.proof, result.found) for result in results if result.proof)


def record_proofs(store: RunStore, record: RunRecord, at: datetime) -> None:
    """Append what the validation of ``record`` proved to its user's journal. Raises ``Problem``."""
    name = str(record.header.request.get("user_name", "")) if record.header else ""
    if record.header is not None and name:
        UserJournal(store, record.header.account_id, name).append(proofs_of(record.checks.values(), at))
