"""Lock files, so that at most one process at a time changes a user or a role."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.text import show
from breakglass_tui.engine.journal import cannot_record


def lock_name(account_id: str, name: str) -> str:
    """Return the name of the lock file of the user ``name``, or of another resource.

    It is the same for names that differ only in case, because IAM ignores case.
    """
    return hashlib.sha256(f"{account_id}:{name.casefold()}".encode()).hexdigest() + ".lock"


@contextlib.contextmanager
def locked(path: Path, account_id: str, resource: str, now: datetime) -> Iterator[None]:
    """Hold the lock file at ``path`` during the context. ``resource`` names what it locks, such as ``user bg``.

    The kernel releases it when the process ends, even after a crash.

    Raises ``Problem`` if the file cannot be opened, of kind BUSY if another process holds the lock. Symbolic links are
    not followed. The file is never truncated before the lock is held.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_record(error) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(account_id, resource, _holder(descriptor)) from None
        except OSError as error:
            raise cannot_record(error) from None
        _sign(descriptor, now)
        yield
    finally:
        os.close(descriptor)


def _sign(descriptor: int, now: datetime) -> None:
    """Write the process id, host and time into the lock file, for the error message of a second process.

    A failure is ignored, because only that message depends on it.
    """
    who = {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{now:%Y-%m-%d %H:%M:%S} UTC"}
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(who).encode(), 0)


def _holder(descriptor: int) -> str:
    try:
        who = json.loads(os.pread(descriptor, 4096, 0))
        return show(f"Process {who['pid']} on {who['host']} has held the lock since {who['since']}.")
    except (OSError, ValueError, KeyError, TypeError):
        return "Another process holds the lock."


def _busy(account_id: str, resource: str, holder: str) -> Problem:
    return Problem(
        f"Another run is active for the {show(resource)} in account {show(account_id)}.",
        why=holder,
        next="Wait until it ends, or stop it there. Then try again.",
        kind=Kind.BUSY,
        code="AlreadyRunning",
    )
