"""The real program in a terminal, in mid-run: a signal, or a closed terminal."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import time

import pexpect
import pytest

from breakglass_tui.domain.events import RunFinished, RunStatus
from breakglass_tui.engine.journal import read
from breakglass_tui.engine.run_store import FILE

LIMIT_S = 60
PATIENCE_S = 3


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "state" / "breakglass-tui" / "demo"


@pytest.fixture
def running(tmp_path, state):
    """The app in its first run, at a question: the user exists, and its password must be stored."""
    command = ["-m", "breakglass_tui", "--demo"]
    child = pexpect.spawn(sys.executable, command, cwd=tmp_path, dimensions=(24, 80), timeout=LIMIT_S, use_poll=True)
    child.logfile_read = io.BytesIO()
    child.expect_exact("New emergency user")
    child.send("n")
    child.expect_exact("AdministratorAccess v1")
    press(child, "\x0e", "Preflight checks")
    press(child, "\r", 'or type "no mfa", then enter:')
    press(child, "\x15no mfa\r", "Create break-glass-")
    press(child, "y", "Store this now")
    yield child
    if child.isalive():
        child.kill(signal.SIGKILL)
    child.close()


def press(child, key, answer):
    """Press ``key`` until the app, which may still be busy and then ignores it, shows ``answer``."""
    for _ in range(LIMIT_S // PATIENCE_S):
        child.send(key)
        if child.expect_exact([answer, pexpect.TIMEOUT], timeout=PATIENCE_S) == 0:
            return
    raise AssertionError(f"{key!r} never led to {answer!r}")


def last_event(state):
    (journal,) = (state / "runs").glob(f"*/{FILE}")
    return list(read(journal))[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_records_the_end_restores_the_terminal_and_exits_with_6(running, state, number):
    running.kill(number)
    running.expect_exact("\x1b[?1049l")
    running.expect(pexpect.EOF)
    assert "The simulated account ended with this process." in running.before.decode()
    running.wait()
    assert running.exitstatus == 6
    event = last_event(state)
    assert isinstance(event, RunFinished)
    assert (event.status, event.stopped) == (RunStatus.INCOMPLETE, True)
    titles = re.findall(rb"\x1b\]0;(.*?)\x07|\x1b\[(2[23]);0t", running.logfile_read.getvalue())
    told = [one[0].decode() or one[1].decode() for one in titles]
    assert told[:2] == ["22", "breakglass-tui"]
    assert "breakglass-tui: waiting for you" in told
    assert told[-1] == "23"


def test_a_closed_terminal_records_the_end_too(running, state):
    running.ptyproc.fileobj.close()
    assert ended(running.pid) == 6
    # pexpect must not wait for a process that has already been waited for.
    running.closed = running.ptyproc.closed = running.ptyproc.terminated = True
    assert isinstance(last_event(state), RunFinished)


def ended(pid):
    """Return the exit code of the process, which must end by itself."""
    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
    raise AssertionError("the program goes on without its terminal")
