"""The simulated account in a process of its own, as AWS would be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from breakglass_tui.demo.demo_account import DemoAccount

SERVER = """
import sys
from breakglass_tui.demo.demo_account import DemoAccount

with DemoAccount(delay_s=float(sys.argv[1])) as demo:
    print(demo.start(), demo.access_key_id, demo.secret_access_key, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class SimulatedAws:
    """The endpoint and the access key of a simulated account in another process."""

    url: str
    access_key_id: str
    secret_access_key: str

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables with the key and the Region of the account."""
        keys = {"AWS_ACCESS_KEY_ID": self.access_key_id, "AWS_SECRET_ACCESS_KEY": self.secret_access_key}
        return {**keys, "AWS_REGION": DemoAccount.default_region}


@contextmanager
def simulated_aws(*, delay_s: float) -> Iterator[SimulatedAws]:
    """Start the simulated account in another process, and yield it.

    Each call takes ``delay_s`` seconds. The process ends with the context.
    """
    child = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(delay_s)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield SimulatedAws(*child.stdout.readline().split())
    finally:
        child.stdin.close()
        child.wait()
