"""Reads files with a limit on their size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class UnfitFileError(OSError):
    """A file is too large, or is not a regular file. ``sentence`` is the reason, and ``strerror`` too, as a clause."""

    def __init__(self, flaw: str) -> None:
        """Create the error for a file that is ``flaw``, such as ``a pipe``."""
        super().__init__(errno.EINVAL, f"it is {flaw}")
        self.sentence = f"It is {flaw}."


def read_limited(path: Path, limit: int, *, pipes: bool = False) -> tuple[bytes, os.stat_result]:
    """Return the content and the status of the file at ``path``, which has at most ``limit`` bytes.

    With ``pipes``, it can also be a pipe. Otherwise nothing waits: opening a pipe would wait for its writer.

    Raises ``UnfitFileError``, another ``OSError`` if the file cannot be read, and ``ValueError`` for an invalid path.
    """
    waiting = 0 if pipes else os.O_NONBLOCK
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | waiting)
    try:
        status = os.fstat(descriptor)
        if not (stat.S_ISREG(status.st_mode) or (pipes and stat.S_ISFIFO(status.st_mode))):
            raise UnfitFileError(f"{_file_type(status.st_mode)}, not a file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise UnfitFileError(f"larger than the limit of {_size(limit)}")
    return content, status


def _file_type(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a directory"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"


def _size(limit: int) -> str:
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if limit >= unit and limit % unit == 0:
            return f"{limit // unit} {name}"
    return f"{limit} bytes"
