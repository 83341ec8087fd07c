"""One writer for each user: a second process gets the holder's name, and a killed process holds no lock."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.lock import lock_name, locked

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from breakglass_tui.engine.lock import locked
with locked(Path(sys.argv[1]), "123456789012", "user bg", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "user.lock"


@pytest.fixture
def holder(path):
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def take(path):
    with locked(path, "123456789012", "user bg", NOW):
        return json.loads(path.read_text())


def test_the_second_process_gets_the_holder_and_its_start_time(path, holder):
    with pytest.raises(Problem) as caught:
        take(path)
    assert (caught.value.kind, caught.value.code) == (Kind.BUSY, "AlreadyRunning")
    assert caught.value.why == (
        f"Process {holder.pid} on {socket.gethostname()} has held the lock since 2026-11-22 09:30:00 UTC."
    )
    assert "123456789012" in caught.value.what


def test_the_second_process_does_not_change_the_file(path, holder):
    before = path.read_bytes()
    with pytest.raises(Problem):
        take(path)
    assert path.read_bytes() == before


def test_the_kernel_releases_the_lock_of_a_killed_process(path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait(20)
    assert take(path)["pid"] == os.getpid()


def test_it_can_be_locked_again_after_its_release(path):
    assert take(path) == take(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_released_when_the_work_under_it_fails(path):
    with pytest.raises(ZeroDivisionError), locked(path, "1", "bg", NOW):
        raise ZeroDivisionError
    take(path)


def test_a_lock_with_an_unreadable_note_is_busy_too(path, holder):
    path.write_bytes(b"\xff{")
    with pytest.raises(Problem) as caught:
        take(path)
    assert caught.value.kind is Kind.BUSY


def test_no_link_is_followed(tmp_path, path):
    target = tmp_path / "else"
    target.write_text("precious")
    path.symlink_to(target)
    with pytest.raises(Problem) as caught:
        take(path)
    assert caught.value.kind is Kind.LOCAL
    assert target.read_text() == "precious"


def test_a_path_that_cannot_be_a_file_is_a_problem(tmp_path):
    with pytest.raises(Problem):
        take(tmp_path / "missing" / "user.lock")
    with pytest.raises(Problem):
        take(tmp_path)


def test_names_that_differ_in_case_share_a_lock_and_accounts_do_not():
    assert lock_name("1", "Break-Glass") == lock_name("1", "break-glass")
    assert lock_name("1", "bg") != lock_name("2", "bg")
    assert lock_name("1", "bg/../x").isascii()
    assert "/" not in lock_name("1", "bg/../x")
