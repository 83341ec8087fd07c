"""Every byte of a secret that a terminal gets: while it is shown, when it is copied, and none afterwards."""

from __future__ import annotations

import base64
import os
import signal

import pexpect
import pytest

from breakglass_tui.ui.shell.clipboard import OVER_SSH

PASSWORD = "correct-HORSE-battery-42"
GROUPS = ("corr", "ect-", "HORS", "atte")
LEFT = "\x1b[?1049l"
ENTERED = "\x1b[?1049h"
COPIED = f"\x1b]52;c;{base64.b64encode(PASSWORD.encode()).decode()}\x07"
EMPTIED = "\x1b]52;c;\x07"


def ended(child):
    """Return what the terminal got until the program ended."""
    child.expect(pexpect.EOF)
    child.wait()
    return child.before


def test_a_copy_is_sent_and_emptied_after_its_time(terminal):
    child = terminal(clipboard_s=1)
    child.send("c")
    child.expect_exact(COPIED)
    child.expect_exact(EMPTIED)
    child.send("q")
    assert EMPTIED not in ended(child), "it was emptied twice"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_empties_the_clipboard_and_leaves_nothing_behind(terminal, number):
    child = terminal()
    child.send("rc")
    child.expect_exact(COPIED)
    child.kill(number)
    rest = ended(child)
    assert EMPTIED in rest
    assert not any(group in rest.partition(LEFT)[2] for group in GROUPS)
    assert child.exitstatus == 128 + number


def test_after_the_end_no_byte_of_a_secret_is_written(terminal):
    child = terminal()
    child.send("r")
    child.expect_exact("corr")
    child.send("c")
    child.expect_exact(COPIED)
    child.send("q")
    child.expect_exact(LEFT)
    rest = ended(child)
    assert EMPTIED in rest
    assert not any(group in rest for group in GROUPS)
    assert child.exitstatus == 0


@pytest.mark.parametrize("how", ["ctrl+z", "SIGTSTP"])
def test_a_suspended_program_leaves_no_secret_and_shows_none_when_it_comes_back(terminal, how):
    child = terminal()
    child.send("rc")
    child.expect_exact(COPIED)
    if how == "ctrl+z":
        child.send("\x1a")
    else:
        child.kill(signal.SIGTSTP)
    child.expect_exact(EMPTIED)
    child.expect_exact(LEFT)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
    child.kill(signal.SIGCONT)
    child.expect_exact(ENTERED)
    child.expect_exact("••••")
    child.send("q")
    assert not any(group in child.before + ended(child) for group in GROUPS)


@pytest.mark.parametrize("name", ["SSH_TTY", "SSH_CONNECTION"])
def test_over_ssh_a_copy_is_asked_for_twice(terminal, monkeypatch, name):
    monkeypatch.setenv(name, "/dev/pts/7")
    child = terminal()
    child.send("c")
    child.expect_exact(OVER_SSH[:40])
    assert "]52;" not in child.before
    child.send("c")
    child.expect_exact(COPIED)


def test_ctrl_c_copies_nothing_of_a_revealed_secret(terminal):
    child = terminal()
    child.send("r")
    child.expect_exact("corr")
    child.send("\x03")
    child.send("q")
    assert "]52;" not in ended(child)
