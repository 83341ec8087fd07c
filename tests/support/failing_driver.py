"""The real program in a process whose machine fails at a given event of the journal.

``failing_driver.py EVENT FAILURE ARGUMENTS`` runs the command line ``ARGUMENTS``. Just after the first event whose type
is ``EVENT`` is durable, ``FAILURE`` happens, which is the name of a function below. Limits, signals and directories are
those of the kernel. A full disk, a full quota and a clock that is set are simulated.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from breakglass_tui.cli import main
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.journal import Journal
from breakglass_tui.settings import state_dir


def no_descriptors() -> None:
    """Let the process open no further file. What is open stays open."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def full_disk() -> None:
    """Fill the disk of the reports."""
    _fail_reports(errno.ENOSPC)


def full_quota() -> None:
    """Exhaust the disk quota for the reports."""
    _fail_reports(errno.EDQUOT)


def journal_quota() -> None:
    """Exhaust the disk quota for the journals."""
    _fail_writes("journal.jsonl", errno.EDQUOT)


def deleted_state() -> None:
    """Delete the state directory."""
    shutil.rmtree(state_dir())


def moved_state() -> None:
    """Rename the state directory."""
    state_dir().rename(state_dir().with_name("moved"))


def signal_ends() -> None:
    """Send SIGTERM to this process."""
    os.kill(os.getpid(), signal.SIGTERM)


def clock_ahead() -> None:
    """Set the clock forward by three days."""
    _set_clock(timedelta(days=3))


def clock_back() -> None:
    """Set the clock back by three days."""
    _set_clock(timedelta(days=-3))


FAILURES = {
    function.__name__: function
    for function in (
        no_descriptors,
        full_disk,
        full_quota,
        journal_quota,
        deleted_state,
        moved_state,
        signal_ends,
        clock_ahead,
        clock_back,
    )
}


def _fail_reports(number: int) -> None:
    _fail_writes(".report.json.", number)


def _fail_writes(name: str, number: int) -> None:
    """Let fsync fail with the error ``number`` for each file whose name contains ``name``."""
    fsync = os.fsync

    def failing(descriptor: int) -> None:
        if name in Path(f"/proc/self/fd/{descriptor}").readlink().name:
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    os.fsync = failing


def _set_clock(by: timedelta) -> None:
    now = SystemClock.now
    SystemClock.now = lambda self: now(self) + by  # type: ignore[method-assign]


def fail_at(event: str, failure: str) -> None:
    """Arrange that ``failure`` happens after the first event of the type ``event``."""
    write, left = Journal.write, [event]

    def written(self: Journal, given: Any) -> None:
        write(self, given)
        if type(given).__name__ in left:
            left.clear()
            FAILURES[failure]()

    Journal.write = written  # type: ignore[method-assign]


if __name__ == "__main__":
    _, event, failure, *arguments = sys.argv
    fail_at(event, failure)
    sys.argv[1:] = arguments
    main()
