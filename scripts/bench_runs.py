"""Measure how long ``runs`` takes with thousands of finished runs on the machine."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from breakglass_tui.settings import state_dir

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from many_journals import JournalPattern, write_journals

COUNT, TIMES = 5000, 3
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def list_seconds() -> float:
    """Return the processor time of ``runs`` with ``COUNT`` finished runs, in seconds.

    It is the median of ``TIMES`` measurements. Before them, one list has written the index of the runs.
    """
    with tempfile.TemporaryDirectory() as directory:
        environment = {**os.environ, "XDG_STATE_HOME": directory}
        root = Path(directory) / state_dir().name
        root.mkdir(mode=0o700)
        write_journals(root, COUNT, JournalPattern(), begin=BEGIN)
        _listed(environment)
        return statistics.median(_listed(environment) for _ in range(TIMES))


def _listed(environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "breakglass_tui", "runs"]
    listed = subprocess.run(command, env=environment, check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(listed.splitlines()) == COUNT
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
