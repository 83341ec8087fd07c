"""The journal: one line per event, on the disk before what it announces is sent.

Each line is a JSON object with a number, the event, and two hashes: the previous line's and its own. A line that was
cut by a crash is dropped on the next opening; a line that was changed breaks the chain and is found.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.codec import decode, encode

FIRST = "0" * 64
"""What the first line names as the one before it."""
PROBE = 128 * 1024
"""Bytes that a long run's journal may come to."""
UNWRITABLE = "JournalUnwritable"
"""The code of the problem after which nothing is sent any more."""


class Journal:
    """Appends the events of one run; each ``write`` is durable when it returns. Raises ``Problem`` if it cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._broken = ""
        flags = os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        with contextlib.ExitStack() as undone:
            try:
                self._descriptor = os.open(path, flags, 0o600)
                undone.callback(self.close)
                end = _end(path)
                os.ftruncate(self._descriptor, end.size)
                sync_directory(path.parent)
            except OSError as error:
                raise cannot_record(error) from None
            undone.pop_all()
        self._number, self._head = end.number, end.head

    @property
    def length(self) -> int:
        """How many events it holds."""
        return self._number

    @property
    def head(self) -> str:
        """The hash of the last line: whoever holds it can tell whether anything before was changed."""
        return self._head

    def write(self, event: e.Event) -> None:
        """Append ``event``. After one failure nothing more is written: what the disk holds is uncertain then."""
        with self._lock:
            if self._broken:
                raise cannot_record(self._broken)
            body = {"n": self._number + 1, **encode(event), "prev": self._head}
            digest = _digest(body)
            line = json.dumps({**body, "h": digest}, separators=(",", ":")).encode() + b"\n"
            try:
                _write_all(self._descriptor, line)
                os.fsync(self._descriptor)
            except OSError as error:
                self._broken = error.strerror or type(error).__name__
                raise cannot_record(self._broken) from None
            self._number, self._head = body["n"], digest

    def close(self) -> None:
        """Let the file go; each line is on the disk already."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def read(path: Path) -> Iterator[e.Event]:
    """The events of a journal, up to a torn tail; raises ``Problem`` where it cannot be followed."""
    try:
        for line in _lines(path):
            yield decode(line.data)
    except OSError as error:
        raise _unreadable(path, f"The system says: {error.strerror or type(error).__name__}.") from None
    except ValueError as error:
        raise _of_another_version(path, str(error)) from None


def hashes(path: Path) -> tuple[str, ...]:
    """The hash of each line of a journal; raises ``Problem`` if it cannot be read, or a line was changed."""
    try:
        return tuple(str(line.data["h"]) for line in _lines(path))
    except OSError as error:
        raise _unreadable(path, f"The system says: {error.strerror or type(error).__name__}.") from None


def cannot_record(error: OSError | str) -> Problem:
    """Nothing may be sent that the journal does not hold."""
    why = error if isinstance(error, str) else error.strerror or type(error).__name__
    return Problem(
        "The journal of this run cannot be written, so nothing more is sent to AWS.",
        why=f"The system says: {why}.",
        next="Make room, or point XDG_STATE_HOME at a directory that can be written; then try again.",
        kind=Kind.LOCAL,
        code=UNWRITABLE,
    )


def probe(directory: Path) -> None:
    """Prove that ``PROBE`` bytes can be written to ``directory`` and made durable; raises ``Problem``."""
    path = directory / f".probe-{secrets.token_hex(4)}"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            _write_all(descriptor, b"\n" * PROBE)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_record(error) from None


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class _Line:
    data: Mapping[str, Any]
    size: int


@dataclass(frozen=True, slots=True)
class _End:
    size: int = 0
    number: int = 0
    head: str = FIRST


def _end(path: Path) -> _End:
    """Where to go on writing; raises ``Problem`` if what is there was changed."""
    end = _End()
    for line in _lines(path):
        end = _End(end.size + line.size, int(line.data["n"]), str(line.data["h"]))
    return end


def _lines(path: Path) -> Iterator[_Line]:
    """Each whole line, less a torn last one; raises ``Problem`` where the chain breaks."""
    head = FIRST
    *whole, torn = path.read_bytes().split(b"\n")
    for number, raw in enumerate(whole, start=1):
        data = _parsed(raw)
        if data is None and number == len(whole) and not torn:
            return  # the power went while the last line was written
        if data is None or (data.get("n"), data.get("prev"), data.get("h")) != (number, head, _digest(data)):
            raise _unreadable(path, f"Line {number} was changed after it was written.")
        head = str(data["h"])
        yield _Line(data, len(raw) + 1)


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _digest(body: Mapping[str, Any]) -> str:
    chained = {key: value for key, value in body.items() if key != "h"}
    return hashlib.sha256(json.dumps(chained, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _of_another_version(path: Path, why: str) -> Problem:
    return Problem(
        f"The journal {show(str(path), 4096)} was written by another version of this program.",
        why=f"This one does not know: {show(why)}.",
        next="Finish or remove the run with the version that began it.",
        kind=Kind.LOCAL,
        code="OtherVersion",
    )


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(
        f"The journal {show(str(path), 4096)} cannot be followed.",
        why=why,
        next="Remove by hand what the run made (its run id is in the user's tags), then move the journal away.",
        kind=Kind.LOCAL,
        code="JournalDamaged",
    )
