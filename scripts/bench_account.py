"""The simulated account in a process of its own, as AWS would be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SERVER = """
import sys
from breakglass_tui.demo.demo_account import DemoAccount

with DemoAccount(delay_s=float(sys.argv[1])) as demo:
    print(demo.start(), flush=True)
    sys.stdin.read()
"""


@contextmanager
def simulated_aws(*, delay_s: float) -> Iterator[str]:
    """Start the simulated account in another process, and yield its endpoint URL.

    Each call takes ``delay_s`` seconds. The process ends with the context.
    """
    child = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(delay_s)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield child.stdout.readline().strip()
    finally:
        child.stdin.close()
        child.wait()
