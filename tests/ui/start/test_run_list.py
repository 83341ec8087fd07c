"""A row of the unfinished runs: the user name has priority over the progress."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from breakglass_tui.domain.events import StepStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord, StepRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.stored_run import StoredRun
from breakglass_tui.ui.start.run_list import RunList
from breakglass_tui.ui.state.run_history import UnfinishedRun

GENERATED = "break-glass-20261122-k7qm3x"


@pytest.mark.parametrize("width", [78, 118])
def test_a_generated_name_is_shown_whole(width):
    header = RunHeader("1f", "123456789012", "arn", "eu-west-1", demo=True, request={"user_name": GENERATED})
    runs = RunList("runs")
    damaged = StoredRun(
        "1f", RunRecord(header), Problem("The journal is damaged.", why="A line is cut.", next="Leave it.")
    )
    runs.redraw = lambda: None
    runs.show([UnfinishedRun(damaged, damaged.problem)], datetime(2026, 11, 22, tzinfo=UTC))
    row = runs.row(0, width).plain
    assert f"{GENERATED}  journal" in row
    assert "…" not in row
    assert len(row) == width


@pytest.mark.parametrize(
    ("width", "last", "stopped", "text"),
    [
        (118, "Create user", False, "interrupted after Create user"),
        (78, "Create user", False, "interrupted"),
        (118, "Create user", True, "stopped after Create user, resources kept"),
        (98, "Create user", True, "stopped after Create user"),
        (78, "[b]Console sign-in", True, "stopped"),
    ],
)
def test_the_progress_is_the_longest_wording_that_fits(width, last, stopped, text):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    record = RunRecord(RunHeader("1f", "123456789012", "arn", "eu-west-1", demo=True, request={"user_name": GENERATED}))
    record.started_at = now
    record.finished_at, record.stopped = (now, True) if stopped else (None, False)
    record.steps["x"] = StepRecord("x", last, StepStatus.DONE)
    runs = RunList("runs")
    runs.redraw = lambda: None
    runs.show([UnfinishedRun(StoredRun("1f", record))], now)
    assert runs.row(0, width).plain.split(f"{GENERATED}  ")[1].startswith(f"{text}  ")
