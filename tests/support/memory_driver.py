"""The real program. At its end it prints which access to its memory the kernel grants."""

from __future__ import annotations

import atexit
import ctypes
import resource
import sys

PR_GET_DUMPABLE = 3


def say():
    """Print a line on stderr."""
    dumpable = ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)
    sys.stderr.write(f"dumpable={dumpable} core={resource.getrlimit(resource.RLIMIT_CORE)}\n")


if __name__ == "__main__":
    from breakglass_tui import cli

    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
    atexit.register(say)
    cli.main()
