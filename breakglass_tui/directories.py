"""Directories and files that nobody else can put anything into."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

PRIVATE = 0o700
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Flaw(NamedTuple):
    """Why a directory or file is not safe, and what to do about it; ``path`` is foreign text."""

    path: Path
    why: str
    remedy: str


def make_private(directory: Path) -> None:
    """The directory and whatever is missing above it, each with mode 0700 whatever the umask; raises ``OSError``."""
    missing = [path for path in (directory, *directory.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=PRIVATE, exist_ok=True)
    directory.mkdir(mode=PRIVATE, exist_ok=True)


def flaw_of(directory: Path, *, link: bool = True) -> Flaw | None:
    """What would let another user into ``directory``, or nothing; raises ``OSError``.

    It must belong to whoever runs this and be writable for nobody else. O_NOFOLLOW guards the last part of a path
    only, so the directories above are looked at too: whoever may write there can put another one in its place.
    ``link`` says that it may be a symbolic link that this user made, as to another disk.
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
    """What would let another user write into ``file``, opened with that ``status``, or nothing; raises ``OSError``.

    It must belong to whoever runs this, or to root.
    """
    file = file.absolute()
    if status.st_uid not in (0, os.geteuid()):
        return Flaw(file, f"It belongs to another user ({status.st_uid}).", f"sudo chown {os.geteuid()}")
    if status.st_mode & OTHERS_WRITE:
        return Flaw(file, "Other users may write to it.", "chmod go-w")
    return next(filter(None, map(open_to_all, file.resolve().parents)), None) or _foreign_link(file)


def open_to_all(parent: Path) -> Flaw | None:
    """What would let anybody put files into ``parent``; raises ``OSError``.

    A group may write there: a group of one is the default on many systems.
    """
    status = parent.stat()
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        return Flaw(parent, "Every user of this machine may write to it.", "sudo chmod o-w")
    if not _trusted(status.st_uid):
        return Flaw(parent, f"It belongs to another user ({status.st_uid}).", f"sudo chown {os.geteuid()}")
    return None


def _foreign_link(directory: Path) -> Flaw | None:
    """A symbolic link on the way that its owner could point elsewhere."""
    for path in (directory, *directory.parents):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode) and not _trusted(status.st_uid):
            return Flaw(path, f"It is a symbolic link of another user ({status.st_uid}).", "sudo rm")
    return None


def _trusted(owner: int) -> bool:
    """Whether ``owner`` could do as it likes anyway; root in a container works in the home of somebody else."""
    return os.geteuid() == 0 or owner in (0, os.geteuid())
