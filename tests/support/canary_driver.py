"""The real program with every logger at its loudest level, and with an optional failure.

BREAK names the failure: ``crash`` raises in the middle of a step, with the new secret in the exception and in the
frames. ``kill`` ends the process the moment AWS has created the access key.
"""

from __future__ import annotations

import faulthandler
import http.client
import logging
import os
import signal
import sys
from typing import Any


def main() -> None:
    """Turn on all logs, prepare the failure, and run the program."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s %(message)s")
    for name in ("botocore", "boto3", "urllib3", "http.client", "breakglass_tui", "textual", "asyncio", "markdown_it"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    faulthandler.enable()
    http.client.HTTPConnection.debuglevel = 0  # printing has its own switch, and no environment variable
    arm = {"crash": crash, "kill": kill}.get(os.environ.pop("BREAK", ""))
    if arm:
        arm()
    from breakglass_tui.cli import main as program

    program()


def crash() -> None:
    """Make the step of the access key raise an unexpected error."""
    from breakglass_tui.aws.steps.access_key import AccessKeyStep

    def _only(self: Any, api: Any, key_id: str) -> bool:
        secret = self.setup.vault.get("access-key").reveal()
        raise RuntimeError(f"nobody planned for this: {secret}")

    AccessKeyStep._only = _only  # type: ignore[method-assign]


def kill() -> None:
    """End the process without handlers once AWS has created the access key."""
    from breakglass_tui.domain.events import CallFinished
    from breakglass_tui.engine.journal import Journal

    write = Journal.write

    def written(self: Journal, event: Any) -> None:
        write(self, event)
        if isinstance(event, CallFinished) and event.call.operation == "iam:CreateAccessKey":
            os.kill(os.getpid(), signal.SIGKILL)

    Journal.write = written  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
