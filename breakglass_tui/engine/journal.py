"""The journal: the write-ahead log of a run, with one line for each event.

An event that announces a request is on the disk before the request is sent. Each line is a JSON object with a number,
the event, and two hashes: the hash of the previous line and its own. A last line that a crash cut short is dropped when
the journal is opened again. A changed line breaks the chain of hashes and is detected.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakglass_tui.directories import repair, write_probe
from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.recorded_identifiers import identifier_error
from breakglass_tui.domain.text import show
from breakglass_tui.domain.user_history import UserEvent
from breakglass_tui.engine.codec import decode, encode
from breakglass_tui.limited_files import UnfitFileError, read_limited

LIMIT_BYTES = 64 * 1024 * 1024
"""The largest journal that is read. That of a run has about 100 KiB. A validation adds a few to that of its user."""
LINE_BYTES = 4 * 1024 * 1024
"""The largest line that is parsed. The first line has the request, which has at most 1 MiB."""
FIRST_PREVIOUS_HASH = "0" * 64
"""The value that the first line of a journal has in place of the hash of a previous line."""
PROBE_BYTES = 128 * 1024
"""The size of the probe file: about that of the journal of a long run."""
UNWRITABLE = "JournalUnwritable"
"""The code of the problem that a journal cannot be written. After it, the run sends nothing more to AWS."""
GONE = "JournalGone"
"""The code of the problem that the journal of a running process was deleted or moved."""
DAMAGED = "JournalDamaged"
"""The code of the problem that a line of a journal was changed. Such a journal is never used."""


class Journal:
    """Appends events to one journal file. ``write`` returns when the event is durable.

    Opening the journal creates the file if it is missing. Raises ``Problem`` if that fails or if a line was changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._broken: OSError | None = None
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
        """The number of events in the journal."""
        return self._number

    @property
    def head(self) -> str:
        """The hash of the last line. It depends on every line before, so it reveals any change."""
        return self._head

    def write(self, event: e.Event | UserEvent) -> None:
        """Append ``event`` and make it durable. Raises ``Problem``.

        After one failure, every further call raises too, because it is uncertain what is on the disk.
        """
        with self._lock:
            if self._broken is not None:
                raise cannot_record(self._broken)
            if self._is_gone():
                raise _gone(self.path)
            body = {"n": self._number + 1, **encode(event), "prev": self._head}
            digest = _digest(body)
            line = json.dumps({**body, "h": digest}, separators=(",", ":")).encode() + b"\n"
            try:
                _write_all(self._descriptor, line)
                os.fsync(self._descriptor)
            except OSError as error:
                self._broken = error
                raise cannot_record(error) from None
            self._number, self._head = body["n"], digest

    def _is_gone(self) -> bool:
        """Return whether the open file is not at its path any more, where a later process would look for it."""
        try:
            return not os.path.samestat(os.fstat(self._descriptor), os.lstat(self.path))
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError as error:
            raise cannot_record(error) from None

    def close(self) -> None:
        """Close the file. No data is lost, because every line is already on the disk."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def read(path: Path, until: str = "") -> Iterator[e.Event]:
    """Yield the events of a run's journal. An incomplete last line is left out.

    ``until`` is the hash of the last line to read. Without it, the whole journal is read.

    Raises ``Problem`` if the file cannot be read, or a line was changed, or this version does not know an event.
    """
    for event in _events(path, until):
        if isinstance(event, UserEvent):
            raise _of_another_version(path, "it is the journal of a user")
        yield event


def read_user_events(path: Path) -> Iterator[UserEvent]:
    """Yield the events of a user's journal. An incomplete last line is left out.

    Raises ``Problem`` as ``read`` does.
    """
    for event in _events(path):
        if not isinstance(event, UserEvent):
            raise _of_another_version(path, "it is the journal of a run")
        yield event


def _events(path: Path, until: str = "") -> Iterator[e.Event | UserEvent]:
    try:
        for line in _lines(path):
            event = decode(line.data)
            if error := identifier_error(event):
                raise _unreadable(path, f"Line {line.data['n']} was forged: {error}.")
            yield event
            if line.data["h"] == until:
                return
    except OSError as error:
        raise _unreadable(path, _reason(error)) from None
    except ValueError as error:
        raise _of_another_version(path, str(error)) from None


def hashes(path: Path) -> tuple[str, ...]:
    """Return the hash of each line of a journal. Raises ``Problem`` if it cannot be read or a line was changed."""
    try:
        return tuple(str(line.data["h"]) for line in _lines(path))
    except OSError as error:
        raise _unreadable(path, _reason(error)) from None


def cannot_record(error: OSError) -> Problem:
    """Return the problem that the journal cannot be written, so that nothing more may be sent to AWS."""
    return Problem(
        "The journal of this run cannot be written, so nothing more is sent to AWS.",
        why=_reason(error),
        next=repair(error, "set XDG_STATE_HOME to a directory that you can write to"),
        kind=Kind.LOCAL,
        code=UNWRITABLE,
    )


def _reason(error: OSError) -> str:
    if isinstance(error, UnfitFileError):
        return error.sentence
    return f"The system reports: {error.strerror or type(error).__name__}."


def probe(directory: Path) -> None:
    """Write ``PROBE_BYTES`` to a file in ``directory`` that does not stay. Raises ``Problem`` if that fails."""
    try:
        write_probe(directory, PROBE_BYTES)
    except OSError as error:
        raise cannot_record(error) from None


def sync_directory(directory: Path) -> None:
    """Make the names of new files in ``directory`` durable. Raises ``OSError``."""
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
    head: str = FIRST_PREVIOUS_HASH


def _end(path: Path) -> _End:
    """Return the end of the journal at ``path``: size in bytes, number of lines, and last hash.

    An incomplete last line does not count. Raises ``Problem`` if a line was changed.
    """
    end = _End()
    for line in _lines(path):
        end = _End(end.size + line.size, int(line.data["n"]), str(line.data["h"]))
    return end


def _lines(path: Path) -> Iterator[_Line]:
    """Yield each line of the journal at ``path``, without an incomplete last one.

    Raises ``Problem`` at a line that does not continue the chain of hashes.
    """
    head = FIRST_PREVIOUS_HASH
    content, _ = read_limited(path, LIMIT_BYTES)
    *whole, torn = content.split(b"\n")
    for number, raw in enumerate(whole, start=1):
        if len(raw) > LINE_BYTES:
            raise _unreadable(path, f"Line {number} is larger than the limit of {LINE_BYTES // 1024**2} MiB.")
        data = _parsed(raw)
        if data is None and number == len(whole) and not torn:
            return  # The machine lost power while the last line was written.
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


def _gone(path: Path) -> Problem:
    return Problem(
        f"The journal {show(str(path), 4096)} was deleted or moved, so nothing more is sent to AWS.",
        why="Without it, no later process can finish this run or undo it.",
        next="Move it back and resume the run, or remove by hand what the run created.",
        kind=Kind.LOCAL,
        code=GONE,
    )


def _of_another_version(path: Path, why: str) -> Problem:
    return Problem(
        f"The journal {show(str(path), 4096)} was written by another version of this program.",
        why=f"This version cannot read it: {show(why)}.",
        next="Finish or undo the run with the version that started it.",
        kind=Kind.LOCAL,
        code="OtherVersion",
    )


def _unreadable(path: Path, why: str) -> Problem:
    return Problem(
        f"The journal {show(str(path), 4096)} cannot be used.",
        why=why,
        next="Remove the run's resources by hand (the user's tags have the run id). Then move the journal elsewhere.",
        kind=Kind.LOCAL,
        code=DAMAGED,
    )
