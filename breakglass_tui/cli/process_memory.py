"""This process's memory: no core dump, no debugger of another process, and no swap where that is safe."""

from __future__ import annotations

import contextlib
import resource
import sys

PR_SET_DUMPABLE = 4
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4


def no_core() -> None:
    """No core file is written whatever happens, nor by the processes this one starts."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def close_memory() -> None:
    """Before the first secret is made: other processes of this user can neither attach nor read (prctl(2)).

    ctypes takes a while to import, so this stands apart from ``no_core``.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        # Under a limit, locking what is yet to come makes allocations fail in mid-run; on fault, so that the
        # untouched stacks of threads take no memory (mlockall(2)).
        libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)
