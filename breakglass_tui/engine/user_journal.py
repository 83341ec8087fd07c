"""The journal of a user: what validations proved, and which MFA devices the operator accepted.

It is append-only and has the same chain of hashes as the journal of a run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import PurePath

from breakglass_tui.domain.checks import CheckResult, readiness
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import (
    CheckDisproven,
    CheckProven,
    UserEvent,
    UserHistory,
    ValidationFinished,
)
from breakglass_tui.engine.journal import DAMAGED, GONE, UNWRITABLE, Journal, read_user_events
from breakglass_tui.engine.lock import lock_name
from breakglass_tui.engine.run_store import RunStore


class UserJournal:
    """The journal of one user below the root of ``store``. Accesses the disk only in ``read`` and ``append``."""

    def __init__(self, store: RunStore, account_id: str, user_name: str, place: Place) -> None:
        """Select the journal.

        A user at an emulator has a separate one, because an emulator can claim to be any account.
        """
        self._store = store
        self._account_id = account_id
        self._user_name = user_name
        scope = f"emulator:{account_id}" if place is Place.EMULATOR else account_id
        self._name = lock_name(scope, user_name).removesuffix(".lock") + ".jsonl"

    def read(self) -> UserHistory:
        """Return the history in the journal, or an empty one if there is no journal.

        Raises ``Problem`` if it cannot be used.
        """
        history, path = UserHistory(), self._store.root / "users" / self._name
        with self._own_problems():
            if path.exists():
                self._store.require_safe(path.parent)
                for event in read_user_events(path):
                    history.apply(event)
        return history

    def append(self, events: Iterable[UserEvent]) -> None:
        """Append ``events`` and make each durable.

        Raises ``Problem``, of kind BUSY if another process has locked the user.

        Threads append one after the other, because each line has the hash of the line before.
        """
        events = tuple(events)
        if not events:
            return
        with self._own_problems(), self._store.appending, self._store.claim(self._account_id, self._user_name):
            journal = Journal(self._store.private_directory("users") / self._name)
            try:
                for event in events:
                    journal.write(event)
            finally:
                journal.close()

    @contextlib.contextmanager
    def _own_problems(self) -> Iterator[None]:
        """Convert errors inside the context to problems about this journal.

        The problems of a run's journal do not apply to it.
        """
        user = show(self._user_name)
        try:
            yield
        except OSError as error:
            raise Problem(
                f"The journal of the user {user} cannot be read.",
                why=f"The system reports: {error.strerror or type(error).__name__}.",
                next="Run this command as the user who owns it, or set XDG_STATE_HOME to its directory.",
                kind=Kind.LOCAL,
                code="JournalUnreadable",
            ) from None
        except Problem as problem:
            if problem.code not in (DAMAGED, GONE, UNWRITABLE):
                raise
            damaged = problem.code == DAMAGED
            move = "Move the file elsewhere. Then validate the user again, and accept its MFA devices again."
            raise Problem(
                problem.what if damaged else f"The journal of the user {user} cannot be written.",
                why=problem.why,
                next=move if damaged else problem.next,
                kind=problem.kind,
                code=problem.code,
            ) from None


def validation_events(record: RunRecord, results: Iterable[CheckResult], at: datetime) -> Iterator[UserEvent]:
    """Yield what a validation adds to the journal of its user: what each use of a credential showed, and the verdict.

    ``results`` are those of the checks that ran. The verdict also covers the earlier results in ``record``.
    """
    ran = tuple(results)
    for result in ran:
        if result.proof:
            yield CheckProven(at, result.id, result.proof, result.found)
        if result.disproof:
            yield CheckDisproven(at, result.id, result.disproof, result.found)
    checks = {**record.checks, **{result.id: result for result in ran}}
    if record.header is not None and checks:
        yield ValidationFinished(
            at,
            record.header.id,
            readiness(checks.values()).verdict.value,
            {id: result.status.value for id, result in checks.items()},
            {PurePath(envelope.path).name: envelope.sha256 for envelope in record.envelopes},
        )


def record_validation(store: RunStore, record: RunRecord, at: datetime) -> None:
    """Append what the validation of ``record`` proved, and its verdict, to its user's journal. Raises ``Problem``."""
    journal = _journal_of(store, record)
    if journal is not None:
        journal.append(validation_events(record, record.checks.values(), at))


def history_of(store: RunStore, record: RunRecord) -> UserHistory:
    """Return what the journal of the user of ``record`` records. Raises ``Problem`` if it cannot be used."""
    journal = _journal_of(store, record)
    return journal.read() if journal is not None else UserHistory()


def _journal_of(store: RunStore, record: RunRecord) -> UserJournal | None:
    header = record.header
    name = str(header.request.get("user_name", "")) if header else ""
    return UserJournal(store, header.account_id, name, header.place) if header is not None and name else None
