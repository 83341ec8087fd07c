"""RunStore: the journals of all runs on this machine, and the locks of their users."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from breakglass_tui.directories import PRIVATE, Flaw, flaw_of, make_private
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.ownership import RUN_TAG
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.journal import Journal, cannot_record, hashes, probe, read, sync_directory
from breakglass_tui.engine.lock import lock_name, locked

FILE = "journal.jsonl"
RUN_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")
"""The form of a valid run id. It is checked before an id from outside becomes part of a path."""


@dataclass(frozen=True)
class StoredRun:
    """A run as read from its journal. ``length`` is the number of events in the journal.

    ``problem`` is why the journal cannot be read to its end, or None.
    """

    id: str
    record: RunRecord
    problem: Problem | None = None
    length: int = 0

    @property
    def finished(self) -> bool:
        """Whether the run needs no resume and no undo. Its journal is usable, and it is done or has nothing in AWS."""
        ended = self.record.status in (RunStatus.DONE, RunStatus.UNDONE) or not self.record.may_exist
        return ended and self.problem is None


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
                    raise _changed_since_read(header.id)
                self._wrote.add(header.id)
                yield journal
            finally:
                journal.close()

    def wrote(self, id: str) -> bool:
        """Return whether this process opened the journal of the run ``id`` for writing."""
        return id in self._wrote

    def runs(self) -> tuple[StoredRun, ...]:
        """Return every run that has a journal, the newest first. Raises ``Problem`` if the journals cannot be listed.

        A journal that cannot be read is a run with a ``problem``.
        """
        try:
            self.require_safe(self.root, self.root / "runs")
            ids = [path.name for path in (self.root / "runs").iterdir() if (path / FILE).exists()]
        except FileNotFoundError:
            ids = []
        except OSError as error:
            raise _unlisted(self.root, error) from None
        return tuple(sorted(map(self._load, ids), key=_started, reverse=True))

    def unfinished(self) -> tuple[StoredRun, ...]:
        """Return the runs that can be resumed or undone, the newest first.

        Raises ``Problem`` if they cannot be listed.
        """
        return tuple(stored for stored in self.runs() if not stored.finished)

    def find(self, id: str) -> StoredRun:
        """Return the run whose id is ``id`` or starts with it.

        Raises ``Problem`` if there is none, or more than one.
        """
        found = [stored for stored in self.runs() if id and stored.id.startswith(id)]
        exact = [stored for stored in found if stored.id == id]
        if len(exact or found) != 1:
            raise _not_one(id, [stored.id for stored in found])
        return (exact or found)[0]

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
                raise _changed_since_read(id)
            self._open.add(id)
        try:
            yield
        finally:
            self._open.discard(id)

    def _load(self, id: str) -> StoredRun:
        record, length = RunRecord(), 0
        try:
            for length, event in enumerate(read(self.root / "runs" / id / FILE), start=1):  # noqa: B007 - the last one
                record.apply(event)
        except Problem as problem:
            return StoredRun(id, record, problem, length)
        if not length:
            return StoredRun(id, record, _empty(id))
        moved = record.header is None or record.header.id != id
        return StoredRun(id, record, _moved(id) if moved else None, length)

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
                raise _unsafe(flaw)


def _unsafe(flaw: Flaw) -> Problem:
    return Problem(
        f"The directory {show(str(flaw.path), 4096)} is not safe for the journals of runs.",
        why=flaw.why,
        next=f"Check its content, then run: {flaw.remedy} {show(shlex.quote(str(flaw.path)), 4096)}",
        kind=Kind.LOCAL,
        code="UnsafeDirectory",
    )


def _started(stored: StoredRun) -> str:
    return stored.record.started_at.isoformat() if stored.record.started_at else ""


def _changed_since_read(id: str) -> Problem:
    return Problem(
        f"The run {show(id)} has changed since it was read.",
        why="Another process resumed or removed it. This process changed nothing.",
        next="Read its current state with: breakglass-tui runs",
        kind=Kind.BUSY,
        code="GoneOn",
    )


def _unlisted(root: Path, error: OSError) -> Problem:
    return Problem(
        f"The journals below {show(str(root), 4096)} cannot be listed.",
        why=f"The system reports: {error.strerror or type(error).__name__}.",
        next="Run this command as the user who owns them, or set XDG_STATE_HOME to their directory.",
        kind=Kind.LOCAL,
        code="JournalsUnreadable",
    )


def _empty(id: str) -> Problem:
    return Problem(
        f"The journal of run {show(id)} is empty.",
        why="The run was killed before its first event, or the content of its journal was deleted.",
        next=f"Find a user with the tag {RUN_TAG} = {show(id)} and remove it by hand. Then delete the directory.",
        kind=Kind.LOCAL,
        code="JournalEmpty",
    )


def _moved(id: str) -> Problem:
    return Problem(
        f"The journal in the directory {show(id)} belongs to another run.",
        why="The directory was renamed or copied, or the journal has lost its first lines.",
        next="Rename the directory to the id of its run, or move it elsewhere.",
        kind=Kind.LOCAL,
        code="JournalDamaged",
    )


def _not_one(id: str, found: list[str]) -> Problem:
    what = f"There is no run {show(id)}." if not found else f"More than one run id starts with {show(id)}."
    why = f"These do: {', '.join(map(show, found))}." if found else "This machine has no journal with that id."
    return Problem(what, why=why, next="List the runs with: breakglass-tui runs", kind=Kind.USAGE, code="NoSuchRun")
