"""Envelopes: one file per secret and seal, written so that a crash leaves all of it or nothing."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import os
import secrets
import shlex
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from breakglass_tui.directories import Flaw, make_private, open_to_all
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.secret import Secret


class Seal(Protocol):
    """One way of closing an envelope, and the proof that it can be opened again where we can prove it."""

    @property
    def kind(self) -> str:
        """``kms``, ``age`` or ``passphrase``."""
        ...

    @property
    def suffix(self) -> str:
        """The file name's ending."""
        ...

    @property
    def custodians(self) -> tuple[str, ...]:
        """Who can open it, as a report names them."""
        ...

    @property
    def needs(self) -> int:
        """How many of them it takes together."""
        ...

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:
        """The bytes of the sealed file; raises ``Problem`` if it cannot be sealed or not be opened again."""
        ...


class Envelopes:
    """The sealed files of one run in ``directory``, for one account and user."""

    def __init__(self, directory: Path, *, account_id: str, run_id: str) -> None:
        self.directory = directory
        self._account_id = account_id
        self._run_id = run_id

    def require_writable(self) -> None:
        """Make the directory (0700) and prove that a file can be written; raises ``Problem`` if not."""
        make_private_directory(self.directory)
        probe = self.directory / f".probe-{secrets.token_hex(4)}"
        write_private(probe, b"probe")
        probe.unlink()

    def write(
        self,
        contents: str,
        fields: Mapping[str, Secret | str],
        seals: Sequence[Seal],
        *,
        user_name: str,
        own_paths: Container[str] = (),
        before_write: Callable[[str], None] = lambda _: None,
        name: str = "",
    ) -> tuple[EnvelopeInfo, ...]:
        """Seal ``fields`` once per seal; returns when every file is on the disk. Raises ``Problem``.

        ``own_paths`` are the files of this run, which may be replaced; ``before_write`` hears of each file before it is written.
        Files are called by their contents, or by ``name``.
        """
        context = {
            "app": "breakglass-tui",
            "account": self._account_id,
            "user": user_name,
            "contents": contents,
            "run": self._run_id,
        }
        plain = {name: value.reveal() if isinstance(value, Secret) else value for name, value in fields.items()}
        content = json.dumps({"version": 1, **context, "secret": plain}).encode()
        kept: list[EnvelopeInfo] = []
        for seal in seals:
            sealed = seal.encrypt(content, context)
            path = self.path(name or contents, seal.suffix, user_name=user_name)
            if self.is_unmanaged(path, own_paths):
                raise _already_there(path)
            before_write(str(path))
            if str(path) in own_paths:
                _or_problem(path, partial(_remove_each, _strays(path)))
            write_private(path, sealed)
            kept.append(_info(path, contents, seal, sealed))
        return tuple(kept)

    def find_written(
        self, contents: str, seals: Sequence[Seal], *, user_name: str, own_paths: Container[str]
    ) -> tuple[EnvelopeInfo, ...] | None:
        """What ``keep`` wrote in an earlier process; None if not every file of ``own_paths`` is there to be read."""
        kept: list[EnvelopeInfo] = []
        for seal in seals:
            path = self.path(contents, seal.suffix, user_name=user_name)
            try:
                sealed = path.read_bytes() if str(path) in own_paths else b""
            except OSError:
                sealed = b""
            if not sealed:
                return None
            kept.append(_info(path, contents, seal, sealed))
        return tuple(kept)

    def path(self, contents: str, suffix: str, *, user_name: str) -> Path:
        """Where the envelope with ``contents`` lies that a seal of that suffix closes; another process finds it too."""
        return self.directory.absolute() / f"{user_name}.{contents}.{suffix}"

    def is_path_for(self, path: Path, contents: str, *, user_name: str) -> bool:
        """Whether an envelope with ``contents`` of that user lies at ``path``, or would, whatever closes it."""
        return path.parent == self.directory.absolute() and path.name.startswith(f"{user_name}.{contents}.")

    def existing(self, contents: str, *, user_name: str) -> list[Path]:
        """The envelopes with ``contents`` that are in the directory, whoever made them."""
        paths = self.directory.absolute().iterdir()
        return sorted(path for path in paths if self.is_path_for(path, contents, user_name=user_name))

    def is_unmanaged(self, path: Path, own_paths: Container[str] = ()) -> bool:
        """Whether another run's envelope lies there: the only copy of a secret, maybe of another account."""
        return str(path) not in own_paths and os.path.lexists(path)


def _info(path: Path, contents: str, seal: Seal, sealed: bytes) -> EnvelopeInfo:
    digest = hashlib.sha256(sealed).hexdigest()
    return EnvelopeInfo(str(path), (contents,), (seal.kind,), digest, seal.custodians, seal.needs)


def intact(envelope: EnvelopeInfo) -> bool:
    """Whether the file is there as it was written."""
    try:
        return hashlib.sha256(Path(envelope.path).read_bytes()).hexdigest() == envelope.sha256
    except OSError:
        return False


def remove(path: Path) -> None:
    """Remove a file, and what a process that was killed while it wrote it has left beside it; raises ``OSError``."""
    _remove_each((path, *_strays(path)))


def _strays(path: Path) -> tuple[Path, ...]:
    """The temporary files of ``path`` that nobody will rename any more."""
    return tuple(path.parent.glob(f".{glob.escape(path.name)}.????????"))


def _remove_each(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()


def make_private_directory(directory: Path) -> None:
    """The directory with mode 0700, made if need be; raises ``Problem``, also for one that everybody can write to."""
    _or_problem(directory, lambda: make_private(directory))
    flaw = open_to_all(directory)
    if flaw is not None:
        raise _unsafe_directory(flaw)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise _cannot_write(directory, "permission denied")


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 whole or not at all: temporary file, fsync, rename, fsync of the directory."""
    _or_problem(path, lambda: _write(path, content))


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _or_problem(path: Path, action: Callable[[], object]) -> None:
    try:
        action()
    except OSError as error:
        raise _cannot_write(path, error.strerror or type(error).__name__) from None


def _unsafe_directory(flaw: Flaw) -> Problem:
    path = str(flaw.path)
    return Problem(
        f"Nothing is written to {show(path)}.",
        why=f"{flaw.why} Somebody else could put another file in the place of an envelope.",
        next=f"Choose another directory with --out, or run: {flaw.remedy} {show(shlex.quote(path))}",
        kind=Kind.LOCAL,
    )


def _already_there(path: Path) -> Problem:
    return Problem(
        f"There is an envelope {show(str(path))} already.",
        why="Another run made it; it may hold the only copy of a secret, so it is not replaced.",
        next="Choose another directory with --out, or move that file away, and try again.",
        kind=Kind.LOCAL,
    )


def _cannot_write(path: Path, why: str) -> Problem:
    return Problem(
        f"Cannot write to {show(str(path))}.",
        why=f"The system says: {why}.",
        next="Choose another directory with --out, or make room, and try again.",
        kind=Kind.LOCAL,
    )
