"""Writes envelopes: one encrypted file for each secret and seal. A crash leaves a complete file or none."""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from breakglass_tui.directories import Flaw, flaw_of, is_shared_by_system, make_private, repair, write_probe
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.shell_quoting import path_argument
from breakglass_tui.domain.text import show
from breakglass_tui.limited_files import read_limited
from breakglass_tui.secrets.sealed_file import LIMIT_BYTES
from breakglass_tui.secrets.secret import Secret


class Seal(Protocol):
    """One way to encrypt an envelope. It verifies that the envelope can be opened again, where it can do that."""

    @property
    def kind(self) -> str:
        """The kind of the seal: ``kms``, ``age`` or ``passphrase``."""
        ...

    @property
    def suffix(self) -> str:
        """The suffix of the names of its files, without the first dot."""
        ...

    @property
    def custodians(self) -> tuple[str, ...]:
        """The names, as in reports, of those who can open an envelope with this seal."""
        ...

    @property
    def needs(self) -> int:
        """How many of the custodians must act together."""
        ...

    def encrypt(self, content: bytes, context: Mapping[str, str]) -> bytes:
        """Return the content of the sealed file. Raises ``Problem`` if encryption or verification fails.

        ``context`` identifies the secret. A KMS seal uses it as the encryption context.
        """
        ...


PROBE_BYTES = 5
ANOTHER_DIRECTORY = "choose another directory with --out"
UNSAFE = "UnsafeDirectory"
"""The code of the problem that another user can write to a directory."""


class Envelopes:
    """The envelopes that one run writes into ``directory``."""

    def __init__(self, directory: Path, *, account_id: str, run_id: str) -> None:
        self.directory = directory
        self._account_id = account_id
        self._run_id = run_id

    def require_writable(self, *, resumed: bool = False) -> None:
        """Create the directory (mode 0700) and write a probe file into it. Raises ``Problem`` if that fails.

        A ``resumed`` run cannot use another directory, so its problem does not suggest one.
        """
        try:
            make_private_directory(self.directory)
            _or_problem(self.directory, lambda: write_probe(self.directory, PROBE_BYTES))
        except Problem as problem:
            if resumed and problem.code != UNSAFE:
                problem.next = f"Make {show(str(self.directory))} a directory that only you can write to."
            raise

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
        """Encrypt ``fields`` once for each seal. Return when every file is on the disk. Raises ``Problem``.

        ``contents`` says what the secret is, such as ``password``. ``own_paths`` are the files of this run, which may
        be replaced. ``before_write`` is called with each path before the file is written. ``name`` replaces
        ``contents`` in the file names.
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
        written: list[EnvelopeInfo] = []
        for seal in seals:
            sealed = seal.encrypt(content, context)
            path = self.path(name or contents, seal.suffix, user_name=user_name)
            if self.is_unmanaged(path, own_paths):
                raise _already_there(path)
            before_write(str(path))
            if str(path) in own_paths:
                _or_problem(path, partial(_remove_each, _temporary_files(path)))
            write_private(path, sealed)
            written.append(_info(path, contents, seal, sealed))
        return tuple(written)

    def find_written(
        self, contents: str, seals: Sequence[Seal], *, user_name: str, own_paths: Container[str]
    ) -> tuple[EnvelopeInfo, ...] | None:
        """Return the envelopes that ``write`` wrote in an earlier process of the run.

        Return None unless the file of each seal is in ``own_paths`` and can be read.
        """
        written: list[EnvelopeInfo] = []
        for seal in seals:
            path = self.path(contents, seal.suffix, user_name=user_name)
            try:
                sealed = read_limited(path, LIMIT_BYTES)[0] if str(path) in own_paths else b""
            except OSError:
                sealed = b""
            if not sealed:
                return None
            written.append(_info(path, contents, seal, sealed))
        return tuple(written)

    def path(self, contents: str, suffix: str, *, user_name: str) -> Path:
        """Return the path of the envelope for a secret and a seal suffix.

        It is the same in every process of the run.
        """
        return self.directory.absolute() / f"{user_name}.{contents}.{suffix}"

    def is_path_for(self, path: Path, contents: str, *, user_name: str) -> bool:
        """Return whether ``path`` is the path of an envelope of this user with ``contents``, for any seal."""
        return path.parent == self.directory.absolute() and path.name.startswith(f"{user_name}.{contents}.")

    def existing(self, contents: str, *, user_name: str) -> list[Path]:
        """Return the paths of all envelopes with ``contents`` in the directory, also those of other runs.

        Raises ``OSError``.
        """
        paths = self.directory.absolute().iterdir()
        return sorted(path for path in paths if self.is_path_for(path, contents, user_name=user_name))

    def is_unmanaged(self, path: Path, own_paths: Container[str] = ()) -> bool:
        """Return whether a file exists at ``path`` that is not in ``own_paths``.

        Never replace such a file. It can have the only copy of a secret, even of another account.
        """
        return str(path) not in own_paths and os.path.lexists(path)


def _info(path: Path, contents: str, seal: Seal, sealed: bytes) -> EnvelopeInfo:
    digest = hashlib.sha256(sealed).hexdigest()
    return EnvelopeInfo(str(path), (contents,), (seal.kind,), digest, seal.custodians, seal.needs)


def intact(envelope: EnvelopeInfo) -> bool:
    """Return whether the file of ``envelope`` exists and has the recorded hash.

    Raises ``Problem`` if this process may open no further file, because then nothing is known about the file.
    """
    try:
        return hashlib.sha256(read_limited(Path(envelope.path), LIMIT_BYTES)[0]).hexdigest() == envelope.sha256
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise _cannot_read(envelope, error) from None
        return False


def remove(path: Path) -> None:
    """Remove the file and the temporary files that killed processes left beside it. Raises ``OSError``."""
    _remove_each((path, *_temporary_files(path)))


def _temporary_files(path: Path) -> tuple[Path, ...]:
    """Return the temporary files of ``path``. The processes that wrote them have ended."""
    return tuple(path.parent.glob(f".{glob.escape(path.name)}.????????"))


def _remove_each(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()


def make_private_directory(directory: Path) -> None:
    """Create the directory with mode 0700 if it is missing.

    Raises ``Problem`` if that fails, if another user can write to it or replace it, or if this process cannot.
    """
    existed = directory.exists()
    _or_problem(directory, lambda: _make_directory(directory))
    flaw = flaw_of(directory)
    if flaw is not None:
        if not existed:
            directory.rmdir()
        raise _unsafe_directory(flaw)
    if not os.access(directory, os.W_OK | os.X_OK):
        denied = PermissionError(errno.EACCES, "permission denied")
        raise _cannot_write(directory, str(denied.strerror), repair(denied, ANOTHER_DIRECTORY))


def _make_directory(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    make_private(directory)


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600, completely or not at all: temporary file, fsync, rename, fsync of the directory.

    Raises ``Problem``.
    """
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
        next = repair(error, ANOTHER_DIRECTORY)
        raise _cannot_write(path, error.strerror or type(error).__name__, next) from None


def _unsafe_directory(flaw: Flaw) -> Problem:
    path = str(flaw.path)
    next = f"Check its content, then run: {flaw.remedy} {show(path_argument(path), 4096)}"
    if is_shared_by_system(flaw.path):
        next = "Use a directory that only you can write to."
    return Problem(
        f"Nothing was written to {show(path)}.",
        why=f"{flaw.why} Another user could replace its files.",
        next=next,
        kind=Kind.LOCAL,
        code=UNSAFE,
    )


def _already_there(path: Path) -> Problem:
    return Problem(
        f"The envelope {show(str(path))} already exists.",
        why="Another run wrote it. It can have the only copy of a secret, so it is not replaced.",
        next="Choose another directory with --out, or move the file elsewhere. Then try again.",
        kind=Kind.LOCAL,
    )


def _cannot_read(envelope: EnvelopeInfo, error: OSError) -> Problem:
    return Problem(
        f"The envelope {show(envelope.path)} cannot be read.",
        why=f"The system reports: {error.strerror}.",
        next=repair(error, "try again"),
        kind=Kind.LOCAL,
    )


def _cannot_write(path: Path, why: str, next: str) -> Problem:
    return Problem(f"Cannot write to {show(str(path))}.", why=f"The system reports: {why}.", next=next, kind=Kind.LOCAL)
