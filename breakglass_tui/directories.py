"""Checks whether this user, and whether other users of this machine, can write to a directory or a file."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from pathlib import Path
from typing import NamedTuple

PRIVATE = 0o700
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

PROBE = re.compile(r"\.probe-[0-9a-f]{8}")
STALE_S = 60.0
"""The age in seconds after which a probe file belongs to a process that was killed."""


class Flaw(NamedTuple):
    """Why a directory or file is not safe. ``remedy`` is a command without its last argument, which is ``path``.

    ``path`` is text from outside, so show and quote it.
    """

    path: Path
    why: str
    remedy: str


def make_private(directory: Path) -> None:
    """Create ``directory`` and its missing parents, each with mode 0700. Raises ``OSError``."""
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=PRIVATE, exist_ok=True)
    directory.mkdir(mode=PRIVATE, exist_ok=True)


def write_probe(directory: Path, size: int) -> None:
    """Write ``size`` bytes to a file in ``directory`` and make them durable. Raises ``OSError``.

    The file loses its name before it is written, so that a killed process leaves none. Probe files that killed
    processes left earlier are removed.
    """
    path = directory / f".probe-{secrets.token_hex(4)}"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        path.unlink()
        content = b"\n" * size
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for other in directory.iterdir():
        with contextlib.suppress(OSError):
            if PROBE.fullmatch(other.name) and _is_stale(other):
                other.unlink()


def _is_stale(path: Path) -> bool:
    status = path.lstat()
    return stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > STALE_S


def repair(error: OSError, alternative: str) -> str:
    """Return what to do after ``error``, as a sentence. ``alternative`` is an imperative that avoids the error.

    A full disk and a full quota have different remedies: ``df`` shows free space to a user whose quota is full
    (errno(3), quota(1)).
    """
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "Allow more open files with: ulimit -n 1024"
    space = {errno.ENOSPC: "Free disk space", errno.EDQUOT: "Free space in your disk quota"}.get(error.errno or 0)
    return f"{space}, or {alternative}." if space else f"{alternative[0].upper()}{alternative[1:]}."


def flaw_of(directory: Path, *, link: bool = True) -> Flaw | None:
    """Return why another user can write to ``directory``, or None if it is safe. Raises ``OSError``.

    Only the user of this process may own it and write to it. The parent directories are checked too, because a user who
    can write to a parent can replace the directory. O_NOFOLLOW does not prevent that. With ``link``, ``directory`` may
    be a symbolic link of this user, for example to another disk.
    """
    directory = directory.absolute()
    if not link and directory.is_symlink():
        return Flaw(directory, "It is a symbolic link.", "rm")
    status = directory.stat()
    if status.st_uid != os.geteuid():
        return Flaw(directory, f"It belongs to another user ({status.st_uid}).", f"sudo chown -R {os.geteuid()}")
    if status.st_mode & OTHERS_WRITE:
        return Flaw(directory, "Other users may write to it.", "chmod 700")
    return next(filter(None, map(open_to_all, directory.resolve().parents)), None) or _foreign_link(directory)


def flaw_of_file(file: Path, status: os.stat_result) -> Flaw | None:
    """Return why another user can write to ``file``, or None if it is safe. Raises ``OSError``.

    ``status`` is the result of fstat for the open file. The file must belong to the user of this process or to root.
    """
    file = file.absolute()
    if status.st_uid not in (0, os.geteuid()):
        return Flaw(file, f"It belongs to another user ({status.st_uid}).", f"sudo chown {os.geteuid()}")
    if status.st_mode & OTHERS_WRITE:
        return Flaw(file, "Other users may write to it.", "chmod go-w")
    return next(filter(None, map(open_to_all, file.resolve().parents)), None) or _foreign_link(file)


def is_shared_by_system(directory: Path) -> bool:
    """Return whether ``directory`` belongs to the system, such as /tmp, so that its mode and owner must stay.

    Raises ``OSError``.
    """
    status = directory.lstat()
    return bool(status.st_mode & stat.S_ISVTX) or status.st_uid == 0 != os.geteuid()


def open_to_all(parent: Path) -> Flaw | None:
    """Return why an untrusted owner or every user can write to ``parent``, or None if it is safe. Raises ``OSError``.

    Write permission for a group is accepted, because many systems give each user a separate group.
    """
    status = parent.stat()
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        return Flaw(parent, "Every user of this machine may write to it.", "sudo chmod o-w")
    if not _trusted(status.st_uid):
        return Flaw(parent, f"It belongs to another user ({status.st_uid}).", f"sudo chown {os.geteuid()}")
    return None


def _foreign_link(directory: Path) -> Flaw | None:
    """Return the flaw of the first symbolic link in the path that belongs to another user, or None. Root is trusted."""
    for path in (directory, *directory.parents):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode) and not _trusted(status.st_uid):
            return Flaw(path, f"It is a symbolic link of another user ({status.st_uid}).", "sudo rm")
    return None


def _trusted(owner: int) -> bool:
    """Return whether the user id ``owner`` is trusted: root, this user, or any user if this process is root.

    In a container, root often works in the home directory of another user.
    """
    return os.geteuid() == 0 or owner in (0, os.geteuid())
