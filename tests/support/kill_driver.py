"""The real program in separate processes, each of which kills itself at a given record of the journal.

It starts once, and forks for each order, which is a line of JSON on stdin, so that nothing is imported twice. The child
runs a command line. It ends with the program, or by SIGKILL just before or after the n-th record, or the first of a
kind, is durable.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from typing import Any

from sign_in_once import COMMAND, sign_in_once

from breakglass_tui.aws.connect import connect
from breakglass_tui.cli.running import run
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.journal import Journal
from breakglass_tui.engine.step_context import StepContext

HASTE = 50


def main() -> None:
    """Serve orders until stdin ends."""
    warm()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(carried_out(order))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def warm() -> None:
    """Import what every child needs. Create nothing that a fork cannot share."""
    import breakglass_tui.cli.apply
    import breakglass_tui.cli.resume
    import breakglass_tui.cli.undo  # noqa: F401

    connect(credentials=("AKIAWARM", "warm"), endpoint_url="http://127.0.0.1:9")


def carried_out(order: dict[str, Any]) -> int:
    """Run a command line, with a separate environment and output, and short waits."""
    os.environ.clear()
    os.environ.update(order["environment"])
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    make_haste()
    if order["record"]:
        kill_at(order["record"], before=order["before"])
    try:
        *_, word, name = order["arguments"]
        return sign_in_once(order["arguments"][1], name) if word == COMMAND else run(order["arguments"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def make_haste() -> None:
    """Shorten every wait, and skip what matters only after a power failure."""
    ticks, wait = SystemClock.ticks, StepContext.wait
    SystemClock.ticks = lambda self: ticks(self) * HASTE  # type: ignore[method-assign]
    StepContext.wait = lambda self, seconds: wait(self, seconds / HASTE)  # type: ignore[method-assign]
    os.fsync = lambda descriptor: None


def kill_at(record: int | str, *, before: bool) -> None:
    """Kill the process, without ``finally`` and handlers, at line ``record`` of the journal or one of that name."""
    numbers, write = itertools.count(1), Journal.write

    def written(self: Journal, event: Any) -> None:
        due = record in (next(numbers), type(event).__name__)
        if due and before:
            os.kill(os.getpid(), signal.SIGKILL)
        write(self, event)
        if due:
            os.kill(os.getpid(), signal.SIGKILL)

    Journal.write = written  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
