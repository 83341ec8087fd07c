"""The last line on stderr of resume and undo: how they ended, and the one command that continues."""

from __future__ import annotations

import pytest
from last_line_bench import PROGRAM, USER, deletes, refuses, signals
from stored_runs import only_run

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.settings import runs_root

STOPPED = {
    "resumed": ("resume", None, 0, "Done: READY. Report: {out}/report.md"),
    "rolled back": (
        "resume",
        lambda bench: setattr(bench.cloud.steps[1], "work", refuses()),
        5,
        (
            "Rolled back: access-key failed. Everything this run created was removed. "
            f"After the fix, run (replace REQUEST_FILE): {PROGRAM} apply --request REQUEST_FILE"
        ),
    ),
    "not resumed": (
        "resume",
        lambda bench: bench.patch.setattr(bench.cloud, "identify", refuses()),
        6,
        f"AWS refused the request: nothing was changed. Resume with: {PROGRAM} resume {{id}}",
    ),
    "removed": (
        "undo",
        lambda bench: setattr(bench.cloud.steps[0], "unwork", deletes),
        0,
        "Done: nothing of run {id} is left in AWS. Removed: create-user. Not found in AWS: access-key.",
    ),
    "not removed": (
        "undo",
        lambda bench: setattr(bench.cloud.steps[0], "unwork", refuses()),
        6,
        f"Removal incomplete. Left in AWS: create-user. Continue the removal with: {PROGRAM} resume {{id}}",
    ),
    "no removal": (
        "undo",
        lambda bench: bench.patch.setattr(bench.cloud, "identify", refuses(Kind.CREDENTIALS)),
        4,
        f"No usable credentials: nothing was changed. After the fix, run: {PROGRAM} undo {{id}} --yes",
    ),
    "stopped again": (
        "undo",
        lambda bench: setattr(bench.cloud.steps[1], "unwork", signals),
        6,
        (
            "Stopped during the removal. Left in AWS: create-user, access-key. "
            f"Continue the removal with: {PROGRAM} resume {{id}}"
        ),
    ),
}


@pytest.fixture
def stopped(bench, ran):
    """Stop a run while it creates the access key, and return its id."""
    user = bench.step("create-user", work=lambda context: StepOutcome("made", {"user_id": "AIDA1"}))
    key = bench.step("access-key", USER, signals)
    bench.cloud.steps = [user, key]
    assert ran(*bench.apply).code == ExitCode.INCOMPLETE
    key.work = None
    stored = only_run(RunStore(runs_root(demo=False)))
    return stored.id


@pytest.mark.parametrize("case", STOPPED)
def test_an_unfinished_run(bench, ran, stopped, case):
    word, arrange, code, last = STOPPED[case]
    if arrange:
        arrange(bench)
    done = ran(word, stopped, *(("--yes",) if word == "undo" else ()))
    assert done.err.splitlines()[-1] == last.format(id=stopped, out=bench.out)
    assert done.code == code
