"""Protection of this process's memory: no core dumps, no access by other processes, and no swap where that is safe."""

from __future__ import annotations

import contextlib
import resource
import sys

PR_SET_DUMPABLE = 4
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4


def disable_core_dumps() -> None:
    """Set the size limit of core files to 0, for this process and for the processes that it starts."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def protect_memory() -> None:
    """Prevent other processes of this user from reading this process's memory (prctl(2)). Does nothing outside Linux.

    Call it before anything is read: a process that opened this memory before keeps its access.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        # Under a limit, locking future pages makes allocations fail during a run. MCL_ONFAULT keeps the untouched
        # stacks of threads from taking memory (mlockall(2)).
        libc.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)
