"""RunStore: the journals of all runs on this machine, and the locks of their users."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from breakglass_tui.directories import PRIVATE, flaw_of, make_private
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.journal import Journal, cannot_record, hashes, probe, read, sync_directory
from breakglass_tui.engine.listed_run import ListedRun, listed_run
from breakglass_tui.engine.lock import lock_name, locked
from breakglass_tui.engine.run_index import JournalStamp, RunIndex, journal_stamp
from breakglass_tui.engine.run_store_problems import (
    changed_since_read,
    journal_empty,
    journal_moved,
    journals_unlisted,
    no_such_run,
    unsafe_directory,
)
from breakglass_tui.engine.stored_run import StoredRun

FILE = "journal.jsonl"
RUN_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")
"""The form of a valid run id. It is checked before an id from outside becomes part of a path."""


@dataclass
class RunStore:
    """The runs whose journals are below the directory ``root`` (mode 0700).

    Use one store in a process, from any thread.
    """

    root: Path
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self._claims: dict[str, tuple[contextlib.ExitStack, int]] = {}
        self._open: set[str] = set()
        self._wrote: set[str] = set()
        self._guard = threading.Lock()
        self.appending = threading.Lock()
        """Held while a thread appends to the journal of a user."""

    @contextlib.contextmanager
    def claim(self, account_id: str, user_name: str) -> Iterator[None]:
        """Lock the user during the context, so that no other process changes it. Claims in this process may overlap.

        The lock is released when the last claim ends. Raises ``Problem``, of kind BUSY if another process holds the
        lock.
        """
        name = lock_name(account_id, user_name)
        with self._guard:
            lock, claims = self._claims.get(name, (contextlib.ExitStack(), 0))
            if not claims:
                path = self.private_directory("locks") / name
                lock.enter_context(locked(path, account_id, f"user {user_name}", self.clock.now()))
            self._claims[name] = (lock, claims + 1)
        try:
            yield
        finally:
            with self._guard:
                lock, claims = self._claims.pop(name)
                if claims > 1:
                    self._claims[name] = (lock, claims - 1)
                else:
                    lock.close()

    @contextlib.contextmanager
    def lock(self, account_id: str, resource: str) -> Iterator[None]:
        """Lock ``resource``, such as ``role admin``, during the context. Two runs of one process exclude each other.

        Raises ``Problem``, of kind BUSY if another run holds the lock.
        """
        path = self.private_directory("locks") / lock_name(account_id, resource)
        with locked(path, account_id, resource, self.clock.now()):
            yield

    @contextlib.contextmanager
    def open_journal(self, header: RunHeader, length: int = 0) -> Iterator[Journal]:
        """Lock the run's user and open the run's journal during the context. Raises ``Problem``.

        ``length`` is the number of events that the journal must have. Another number means that another process
        continued the run.
        """
        with self.claim(header.account_id, str(header.request.get("user_name", ""))), self._exclusive(header.id):
            journal = Journal(self.private_directory("runs", header.id) / FILE)
            try:
                if journal.length != length:
                    raise changed_since_read(header.id)
                self._wrote.add(header.id)
                yield journal
            finally:
                journal.close()

    def wrote(self, id: str) -> bool:
        """Return whether this process opened the journal of the run ``id`` for writing."""
        return id in self._wrote

    def runs(self) -> tuple[ListedRun, ...]:
        """Return every run that has a journal, the newest first. Raises ``Problem`` if the journals cannot be listed.

        A run that is done or removed comes from the index while its journal is unchanged. All others are read.
        """
        index, runs = RunIndex(self.root), list[ListedRun]()
        for id, stamp in self._journals():
            run = index.find(id, stamp)
            if run is None:
                run = listed_run(self.load(id))
                index.add(stamp, run)
            runs.append(run)
        index.save()
        return tuple(sorted(runs, key=lambda run: run.age_key, reverse=True))

    def unfinished(self) -> tuple[StoredRun, ...]:
        """Return the runs that can be resumed or undone, the newest first.

        Raises ``Problem`` if they cannot be listed.
        """
        return tuple(run.stored for run in self.runs() if run.stored is not None and not run.finished)

    def find(self, id: str) -> StoredRun:
        """Return the run whose id is ``id`` or starts with it, as its journal describes it.

        Raises ``Problem`` if there is none, or more than one.
        """
        found = [name for name, _ in self._journals() if id and name.startswith(id)]
        if id not in found and len(found) != 1:
            raise no_such_run(id, sorted(found))
        return self.load(id if id in found else found[0])

    def hashes(self, id: str) -> tuple[str, ...]:
        """Return the hash of each line of the run's journal, or nothing if this machine has no such journal.

        The last hash reveals any changed or removed line. Raises ``Problem`` if the journal cannot be used.
        """
        path = self.root / "runs" / id / FILE
        return hashes(path) if RUN_ID.fullmatch(id) and path.exists() else ()

    def record_at(self, id: str, head: str) -> RunRecord:
        """Return the record of the run as it was when the line with the hash ``head`` was its last one.

        Raises ``Problem`` if the journal cannot be used.
        """
        record = RunRecord()
        for event in read(self.root / "runs" / id / FILE, until=head):
            record.apply(event)
        return record

    def head(self, record: RunRecord) -> str:
        """Return the hash of the last line of the run's journal. It is empty if there is no usable journal."""
        try:
            found = self.hashes(record.header.id) if record.header else ()
        except Problem:
            return ""
        return found[-1] if found else ""

    def require_writable(self) -> None:
        """Write and remove a probe file, to verify that a journal can be written. Raises ``Problem``."""
        probe(self.private_directory("runs"))

    @contextlib.contextmanager
    def _exclusive(self, id: str) -> Iterator[None]:
        """Prevent two threads of this process from writing to the journal of the run ``id``. Raises ``Problem``."""
        with self._guard:
            if id in self._open:
                raise changed_since_read(id)
            self._open.add(id)
        try:
            yield
        finally:
            self._open.discard(id)

    def load(self, id: str) -> StoredRun:
        """Return the run as its journal describes it. Each line of the journal is verified."""
        record, length = RunRecord(), 0
        try:
            for length, event in enumerate(read(self.root / "runs" / id / FILE), start=1):  # noqa: B007 - the last one
                record.apply(event)
        except Problem as problem:
            return StoredRun(id, record, problem, length)
        if not length:
            return StoredRun(id, record, journal_empty(id))
        moved = record.header is None or record.header.id != id
        return StoredRun(id, record, journal_moved(id) if moved else None, length)

    def _journals(self) -> Iterator[tuple[str, JournalStamp | None]]:
        """Yield the id of each run that has a journal, with the stamp of the journal. Raises ``Problem``."""
        try:
            self.require_safe(self.root, self.root / "runs")
            names = os.listdir(self.root / "runs")  # noqa: PTH208 - thousands of names
        except FileNotFoundError:
            return
        except OSError as error:
            raise journals_unlisted(self.root, error) from None
        for name in names:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                yield name, journal_stamp(self.root / "runs" / name / FILE)

    def private_directory(self, *parts: str) -> Path:
        """Create and return the directory ``parts`` below the root. Each level has mode 0700. Raises ``Problem``."""
        directory = self.root
        try:
            make_private(directory)
            self.require_safe(directory)
            directory.chmod(PRIVATE)
            for part in parts:
                directory /= part
                if not os.path.lexists(directory):
                    directory.mkdir(mode=PRIVATE, exist_ok=True)
                    sync_directory(directory.parent)
                self.require_safe(directory)
                directory.chmod(PRIVATE)
        except OSError as error:
            raise cannot_record(error) from None
        return directory

    def require_safe(self, *directories: Path) -> None:
        """Raise ``Problem`` if another user can write to one of ``directories``, and ``OSError`` if one cannot be read.

        With a forged journal, an undo would remove the wrong resources.
        """
        for directory in directories:
            flaw = flaw_of(directory, link=directory == self.root)
            if flaw is not None:
                raise unsafe_directory(flaw)
