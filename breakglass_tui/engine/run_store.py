"""RunStore: where the journals of all runs lie, and the locks of the users they are about."""

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
from breakglass_tui.domain.events import RunHeader, RunStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.text import show
from breakglass_tui.engine.clock import Clock, SystemClock
from breakglass_tui.engine.journal import Journal, cannot_record, hashes, probe, read, sync_directory
from breakglass_tui.engine.lock import lock_name, locked

FILE = "journal.jsonl"
RUN_ID = re.compile(r"[0-9a-zA-Z-]{1,64}")
"""What a run's id may look like where somebody else says it: it becomes part of a path."""


@dataclass(frozen=True)
class StoredRun:
    """A run of this or an earlier process as its journal tells it in ``length`` events.

    ``problem`` is why it tells no more.
    """

    id: str
    record: RunRecord
    problem: Problem | None = None
    length: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing of it is open: it is done, nothing was begun, or all of it was removed again."""
        ended = self.record.status in (RunStatus.DONE, RunStatus.UNDONE) or not self.record.may_exist
        return ended and self.problem is None


@dataclass
class RunStore:
    """The runs below ``root`` (0700). One store serves a whole process; it may be used from any thread."""

    root: Path
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self._held: set[str] = set()
        self._open: set[str] = set()
        self._wrote: set[str] = set()
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def claim(self, account_id: str, user_name: str) -> Iterator[None]:
        """Be the only process that changes this user; within a process a claim may be made again.

        Raises ``Problem``: of kind BUSY if another process has the claim.
        """
        name = lock_name(account_id, user_name)
        with self._guard:
            again = name in self._held
        if again:
            yield
            return
        with locked(self._private("locks") / name, account_id, user_name, self.clock.now()):
            self._held.add(name)
            try:
                yield
            finally:
                self._held.discard(name)

    @contextlib.contextmanager
    def open_journal(self, header: RunHeader, length: int = 0) -> Iterator[Journal]:
        """The claim on the run's user, and its journal, which must still hold ``length`` events. Raises ``Problem``."""
        with self.claim(header.account_id, str(header.request.get("user_name", ""))), self._exclusive(header.id):
            journal = Journal(self._private("runs", header.id) / FILE)
            try:
                if journal.length != length:
                    raise _changed_since_read(header.id)
                self._wrote.add(header.id)
                yield journal
            finally:
                journal.close()

    def wrote(self, id: str) -> bool:
        """Whether this very process has written to that run's journal."""
        return id in self._wrote

    def runs(self) -> tuple[StoredRun, ...]:
        """Every run that left a journal, the newest first; raises ``Problem`` where they cannot be listed."""
        try:
            self._require_safe(self.root, self.root / "runs")
            ids = [path.name for path in (self.root / "runs").iterdir() if (path / FILE).exists()]
        except FileNotFoundError:
            ids = []
        except OSError as error:
            raise _unlisted(self.root, error) from None
        stored = [stored for stored in map(self._load, ids) if stored.length or stored.problem]
        return tuple(sorted(stored, key=_started, reverse=True))

    def unfinished(self) -> tuple[StoredRun, ...]:
        """The runs that left something open, the newest first; raises ``Problem`` where they cannot be listed."""
        return tuple(stored for stored in self.runs() if not stored.finished)

    def find(self, id: str) -> StoredRun:
        """The run whose id begins with ``id``; raises ``Problem`` if there is none, or more than one."""
        found = [stored for stored in self.runs() if id and stored.id.startswith(id)]
        exact = [stored for stored in found if stored.id == id]
        if len(exact or found) != 1:
            raise _not_one(id, [stored.id for stored in found])
        return (exact or found)[0]

    def hashes(self, id: str) -> tuple[str, ...]:
        """The hash of each line of that run's journal, none if there is no journal here; raises ``Problem``.

        The last one is the journal's head: whoever holds it can tell whether anything was changed or cut off.
        """
        path = self.root / "runs" / id / FILE
        return hashes(path) if RUN_ID.fullmatch(id) and path.exists() else ()

    def head(self, record: RunRecord) -> str:
        """The hash of the last line of the run's journal; empty where there is none that can be followed."""
        try:
            found = self.hashes(record.header.id) if record.header else ()
        except Problem:
            return ""
        return found[-1] if found else ""

    def require_writable(self) -> None:
        """Prove that a journal can be written here; raises ``Problem``."""
        probe(self._private("runs"))

    @contextlib.contextmanager
    def _exclusive(self, id: str) -> Iterator[None]:
        """Two runs of one process do not write to one journal."""
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
        moved = length > 0 and (record.header is None or record.header.id != id)
        return StoredRun(id, record, _moved(id) if moved else None, length)

    def _private(self, *parts: str) -> Path:
        """A directory below the root, each level for this user only; raises ``Problem``."""
        directory = self.root
        try:
            make_private(directory)
            self._require_safe(directory)
            directory.chmod(PRIVATE)
            for part in parts:
                directory /= part
                if not os.path.lexists(directory):
                    directory.mkdir(mode=PRIVATE, exist_ok=True)
                    sync_directory(directory.parent)
                self._require_safe(directory)
                directory.chmod(PRIVATE)
        except OSError as error:
            raise cannot_record(error) from None
        return directory

    def _require_safe(self, *directories: Path) -> None:
        """Whoever can put a journal there decides what is undone; raises ``Problem`` and ``OSError``."""
        for directory in directories:
            flaw = flaw_of(directory, link=directory == self.root)
            if flaw is not None:
                raise _unsafe(flaw)


def _unsafe(flaw: Flaw) -> Problem:
    return Problem(
        f"The directory {show(str(flaw.path), 4096)} is not safe for the journals of runs.",
        why=flaw.why,
        next=f"Look at what is in it, then run: {flaw.remedy} {show(shlex.quote(str(flaw.path)), 4096)}",
        kind=Kind.LOCAL,
        code="UnsafeDirectory",
    )


def _started(stored: StoredRun) -> str:
    return stored.record.started_at.isoformat() if stored.record.started_at else ""


def _changed_since_read(id: str) -> Problem:
    return Problem(
        f"The run {show(id)} has gone on since it was looked at.",
        why="Somebody else went on with it or removed it meanwhile; nothing was changed here.",
        next="Look at it again with: breakglass-tui runs",
        kind=Kind.BUSY,
        code="GoneOn",
    )


def _unlisted(root: Path, error: OSError) -> Problem:
    return Problem(
        f"The journals below {show(str(root), 4096)} cannot be listed.",
        why=f"The system says: {error.strerror or type(error).__name__}.",
        next="Run this as the user who made them, or point XDG_STATE_HOME at where they are.",
        kind=Kind.LOCAL,
        code="JournalsUnreadable",
    )


def _moved(id: str) -> Problem:
    return Problem(
        f"The journal in the directory {show(id)} does not begin as this run's.",
        why="The directory was renamed, is a copy, or its first lines are gone.",
        next="Give it back its name, which is the run's id, or move it elsewhere.",
        kind=Kind.LOCAL,
        code="JournalDamaged",
    )


def _not_one(id: str, found: list[str]) -> Problem:
    what = f"There is no run {show(id)}." if not found else f"More than one run begins with {show(id)}."
    why = f"These do: {', '.join(map(show, found))}." if found else "No journal of that name is on this machine."
    return Problem(what, why=why, next="List the runs with: breakglass-tui runs", kind=Kind.USAGE, code="NoSuchRun")
