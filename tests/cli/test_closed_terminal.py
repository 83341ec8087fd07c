"""The full-screen app in a terminal that goes away."""

from __future__ import annotations

import os
import signal
import sys
import time

import pexpect
import pytest

LIMIT_S = 30


@pytest.fixture
def app(tmp_path):
    child = pexpect.spawn(
        sys.executable, ["-m", "breakglass_tui", "--demo"], cwd=tmp_path, dimensions=(24, 80), timeout=LIMIT_S
    )
    child.expect_exact("Emergency users")
    yield child
    if child.isalive():
        child.kill(signal.SIGKILL)
    child.close()


def ended(pid):
    """The exit code of the process, which must end by itself."""
    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
    raise AssertionError("the program continues without its terminal")


def test_a_closed_terminal_ends_the_program(app):
    app.ptyproc.fileobj.close()
    assert ended(app.pid) == 128 + signal.SIGHUP
    # pexpect must not wait for a process that has been waited for.
    app.closed = app.ptyproc.closed = app.ptyproc.terminated = True


def test_a_termination_leaves_the_terminal_as_it_was_found(app):
    app.kill(signal.SIGTERM)
    app.expect_exact("\x1b[?1049l")
    app.expect(pexpect.EOF)
    app.wait()
    assert app.exitstatus == 128 + signal.SIGTERM
