"""RunIndex: what lists show of finished runs, so that a list does not verify the journal of each run.

The index is a file that can be deleted at any time. It has no run that is unfinished or whose journal is damaged, and
an entry counts only as long as size, times and inode of its journal are the same. Its checksum detects damage. It does
not prove that no one changed the file, so no entry is ever the basis of an action.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from breakglass_tui.directories import STALE_S
from breakglass_tui.domain.events import RunStarted, RunStatus, StepBrief, StepStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.recorded_identifiers import identifier_error
from breakglass_tui.engine.codec import decode, encode
from breakglass_tui.engine.listed_run import ENDED, ListedRun, ListedStep
from breakglass_tui.limited_files import read_limited
from breakglass_tui.secrets.envelope_files import write_private

NAME = "run-index.jsonl"
SCHEMA = 1
MODE = 0o600
LIMIT_BYTES = 256 * 1024 * 1024
SAVE_EVERY = 500
_TEMPORARY = re.compile(rf"\.{re.escape(NAME)}\.[0-9a-f]{{8}}")


class JournalStamp(NamedTuple):
    """What changes when a journal is written or replaced. No program can set ``ctime_ns``."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class _Entry(NamedTuple):
    stamp: JournalStamp
    run: ListedRun
    line: bytes


def journal_stamp(path: Path) -> JournalStamp | None:
    """Return the stamp of the journal at ``path``, or None if its status cannot be read.

    Raises ``FileNotFoundError`` or ``NotADirectoryError`` if there is no journal.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError:
        return None
    return JournalStamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class RunIndex:
    """The index in the directory ``root``, which no other user can write to. It is for one list, in one thread.

    The index is read when the object is created. An index that is missing, damaged or of another version is empty.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / NAME
        self._known = self._read()
        self._listed: dict[str, _Entry] = {}
        self._added = 0

    def find(self, id: str, stamp: JournalStamp | None) -> ListedRun | None:
        """Return the run whose journal has this stamp, or None if its journal must be read."""
        entry = self._known.get(id)
        if entry is None or entry.stamp != stamp:
            return None
        self._listed[id] = entry
        return entry.run

    def add(self, stamp: JournalStamp | None, run: ListedRun) -> None:
        """Add ``run``, whose journal had this stamp before it was read. Any other run than a finished one is left out.

        The index is saved each ``SAVE_EVERY`` runs, so that the next list uses them if this one is killed.
        """
        line = _line(stamp, run) if stamp is not None else None
        if stamp is None or line is None:
            return
        self._listed[run.id] = _Entry(stamp, run, line)
        self._added += 1
        if self._added % SAVE_EVERY == 0:
            self._write({**self._known, **self._listed})

    def save(self) -> None:
        """Replace the file if a run was added, or if runs that it has were not listed.

        If that fails, the next list reads more journals.
        """
        if self._added or len(self._listed) < len(self._known):
            self._write(self._listed)

    def _read(self) -> dict[str, _Entry]:
        try:
            content, status = read_limited(self._path, LIMIT_BYTES)
            if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) != MODE:
                return {}  # another program wrote it
            first, body = content.split(b"\n", 1)
            if json.loads(first) != _first_line(body):
                return {}
            # One line at a time, so that the thread of the screen can run in between.
            return {entry.run.id: entry for entry in map(_parsed, body.splitlines(keepends=True))}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}

    def _write(self, entries: Mapping[str, _Entry]) -> None:
        """Replace the file with ``entries``, completely or not at all. A failure has no effect."""
        body = b"".join(entry.line for entry in entries.values())
        first = json.dumps(_first_line(body)).encode()
        with contextlib.suppress(Problem, OSError):
            self._remove_leftovers()
            write_private(self._path, first + b"\n" + body)

    def _remove_leftovers(self) -> None:
        """Remove the temporary files of processes that were killed while they wrote the index. Raises ``OSError``."""
        for path in self._path.parent.iterdir():
            if _TEMPORARY.fullmatch(path.name) and time.time() - path.lstat().st_mtime > STALE_S:
                path.unlink()


def _line(stamp: JournalStamp, run: ListedRun) -> bytes | None:
    """Return ``run`` as a line of the file, or None if its journal must be read each time."""
    if run.stored is not None or run.header is None or run.started_at is None:
        return None
    steps = tuple(StepBrief(step.id, step.title) for step in run.steps)
    document = {
        "stamp": stamp,
        "started": encode(RunStarted(run.started_at, run.header, steps)),
        "finished_at": run.finished_at.isoformat() if run.finished_at is not None else None,
        "status": run.status.value,
        "steps": [step.status.value for step in run.steps],
    }
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _first_line(body: bytes) -> dict[str, Any]:
    return {"schema": SCHEMA, "sha256": hashlib.sha256(body).hexdigest()}


def _parsed(line: bytes) -> _Entry:
    """Return the entry in ``line``. Raises an exception that ``RunIndex`` catches if it is not valid."""
    document: Mapping[str, Any] = json.loads(line)
    started, status, statuses = decode(document["started"]), RunStatus(document["status"]), document["steps"]
    if not isinstance(started, RunStarted) or status not in ENDED or identifier_error(started):
        raise ValueError("not an entry of the index")
    steps = tuple(
        ListedStep(brief.id, brief.title, StepStatus(value))
        for brief, value in zip(started.steps, statuses, strict=True)
    )
    finished = document["finished_at"]
    finished_at = datetime.fromisoformat(finished) if finished is not None else None
    run = ListedRun(started.header.id, started.header, status, started.at, finished_at, steps)
    return _Entry(JournalStamp(*document["stamp"]), run, line)
