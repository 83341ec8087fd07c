"""``runs`` and the start screen with thousands of finished runs, and processes that write the index at once."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from many_journals import JournalPattern, write_journals

from breakglass_tui.domain.account import Caller
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.engine import run_index
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.verdict_store import VerdictStore
from breakglass_tui.settings import runs_root
from breakglass_tui.ui.start.history_reads import read_history

COUNT, SAMPLE = 5000, 50
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SHORT = JournalPattern(short=True)
RUNS = [sys.executable, "-m", "breakglass_tui", "runs", "--json"]
KILLED_AT_RENAME = """
import os, pathlib, signal
pathlib.Path.rename = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
from breakglass_tui.cli.running import run
run(["runs"])
"""


@pytest.fixture
def root():
    """Return the directory of the real runs. It exists and is empty."""
    root = runs_root(demo=False)
    root.mkdir(mode=0o700, parents=True)
    return root


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return a directory with ``COUNT`` finished runs, whose index is written."""
    shared = tmp_path_factory.mktemp("many")
    shared.chmod(0o700)
    write_journals(shared, COUNT, SHORT, begin=BEGIN)
    assert len(RunStore(shared).runs()) == COUNT
    return shared


@pytest.fixture
def many(root, shared):
    """Return a store with ``COUNT`` finished runs in the directory of the real runs."""
    root.rmdir()
    root.symlink_to(shared)
    return RunStore(root)


@pytest.fixture(scope="module")
def verification_s(tmp_path_factory):
    """Return the processor time in seconds that it takes to verify ``COUNT`` journals of usual length."""
    sample = tmp_path_factory.mktemp("sample")
    sample.chmod(0o700)
    ids = write_journals(sample, SAMPLE, JournalPattern(), begin=BEGIN)
    store = RunStore(sample)
    return seconds(lambda: [store.load(id) for id in ids]) * COUNT / SAMPLE


def seconds(work):
    """Return the processor time of ``work`` in seconds, the shorter one of two measurements."""
    found = []
    for _ in range(2):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def test_a_list_of_thousands_of_runs_takes_a_tenth_of_their_verification(command, many, verification_s):
    listed = []
    text_s = seconds(lambda: listed.append(command("runs")))
    json_s = seconds(lambda: listed.append(command("runs", "--json")))
    assert [ran.code for ran in listed] == [ExitCode.DONE] * 4
    assert listed[0].out.splitlines()[0].split()[1] == "bg-04999"
    assert len(listed[0].out.splitlines()) == COUNT
    assert [run["user_name"] for run in listed[-1].json["runs"]] == [f"bg-{n:05}" for n in reversed(range(COUNT))]
    assert text_s < verification_s / 10
    assert json_s < verification_s / 10


def test_the_start_screen_reads_thousands_of_runs_in_a_tenth_of_their_verification(many, verification_s):
    caller = Caller(SHORT.account_id, "arn:aws:iam::123456789012:user/ops-admin", "")
    session = SimpleNamespace(
        connection=SimpleNamespace(caller=caller, place=Place.AWS, demo=False),
        journals=SimpleNamespace(store=many, verdicts=VerdictStore(many.root)),
        clock=SystemClock(),
    )
    read = []
    assert seconds(lambda: read.append(read_history(session))) < verification_s / 10
    assert len(read[0].created) == COUNT
    assert read[0].created[0] == "bg-04999"


def test_two_processes_list_at_once_and_leave_a_whole_index(root, monkeypatch):
    write_journals(root, 40, SHORT, begin=BEGIN)
    ran = [subprocess.Popen(RUNS, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    answers = [json.loads(process.communicate()[0]) for process in ran]
    assert [process.returncode for process in ran] == [0, 0, 0]
    assert answers[0] == answers[1] == answers[2]
    assert sorted(path.name for path in root.iterdir()) == [run_index.NAME, "runs"]
    monkeypatch.setattr(RunStore, "load", None)
    assert len(RunStore(root).runs()) == 40


def test_a_process_that_is_killed_while_it_writes_the_index_stops_no_list(command, root):
    write_journals(root, 4, SHORT, begin=BEGIN)
    killed = subprocess.run([sys.executable, "-c", KILLED_AT_RENAME], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    (leftover,) = root.glob(f".{run_index.NAME}.*")
    os.utime(leftover, (0, 0))
    assert len(command("runs", "--json").json["runs"]) == 4
    assert sorted(path.name for path in root.iterdir()) == [run_index.NAME, "runs"]


def test_a_full_disk_stops_no_list_and_leaves_no_file(root):
    """A limit on the size of files fails each write with an error, as a full disk does."""
    write_journals(root, 4, SHORT, begin=BEGIN)
    ran = subprocess.run(
        RUNS,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)),
    )
    assert (ran.returncode, ran.stderr) == (0, b"Done: 4 runs, nothing unfinished.\n")
    assert len(json.loads(ran.stdout)["runs"]) == 4
    assert [path.name for path in root.iterdir()] == ["runs"]
