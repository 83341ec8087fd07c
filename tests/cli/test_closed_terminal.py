"""The full-screen app in a terminal that goes away, or that sends what a terminal should not send."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pexpect
import pytest

from tests.support.flooding import ProgramOnTerminal

LIMIT_S = 30
"""The time until the end, in seconds, on a machine with other load. The program needs at most two of them."""
STATES: dict[str, list[tuple[str, str]]] = {
    "the form": [],
    "the list of commands": [("\x10", "Search for commands")],
    "the Summary": [("\x0e", "Preflight checks")],
    "a dialog": [("\x0e", "Preflight checks"), ("\r", 'or type "no mfa", then enter:')],
    "the confirmation": [
        ("\x0e", "Preflight checks"),
        ("\r", 'or type "no mfa", then enter:'),
        ("\x15no mfa\r", "Create break-glass-"),
    ],
}
STATES["a secret to store"] = [*STATES["the confirmation"], ("y", "Store this now")]
STATES["the question to quit"] = [*STATES["a secret to store"], ("\x11", "Quit during the run?")]
KEYS = [
    *"nrcyfvsulkpeji1",
    "\r",
    "\t",
    "\x1b",
    "\x0e",
    "\x10",
    "\x11",
    "\x1bOP",
    "\x1bOS",
    "\x1b[B",
    "\x15no mfa\r",
    "x" * 300,
]
WAYS = ["close", "quit, close", "terminate, close", "close, terminate"]
CASES = 100


@pytest.fixture
def program(tmp_path):
    program = ProgramOnTerminal(tmp_path)
    yield program
    program.kill()


def threads(program):
    return len(list(Path(f"/proc/{program.pid}/task").iterdir()))


@pytest.mark.parametrize("state", STATES)
def test_a_closed_terminal_ends_the_program(program, state):
    program.open_form()
    for keys, answer in STATES[state]:
        program.press(keys, answer)
    program.close_terminal()
    assert program.end_after(LIMIT_S, draw=False) < LIMIT_S


def test_the_exit_code_of_a_closed_terminal_is_that_of_the_signal(program):
    program.close_terminal()
    _, status = os.waitpid(program.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP


def test_a_closed_terminal_ends_a_program_that_gets_no_signal(tmp_path):
    """The kernel sends SIGHUP to the leader of the session only (setsid(2), termios(3)), which may ignore it."""
    program = ProgramOnTerminal(tmp_path, shell=True)
    try:
        program.close_terminal()
        assert program.end_after(LIMIT_S, draw=False) < LIMIT_S
    finally:
        program.kill()


def test_a_second_sigcont_starts_no_second_thread(program):
    program.open_form()
    program.child.expect([pexpect.TIMEOUT], timeout=1)
    before = threads(program)
    for _ in range(3):
        os.kill(program.pid, signal.SIGCONT)
        program.child.expect([pexpect.TIMEOUT], timeout=0.3)
    assert threads(program) == before
    program.send("\x11")
    assert program.end_after(LIMIT_S) < LIMIT_S


def test_a_byte_that_is_not_utf_8_does_not_end_the_program(program):
    program.open_form()
    os.write(program.child.child_fd, b"\xff\xc3(")
    program.press("\x1bOP", "Assessment")
    assert program.is_active()


def test_a_termination_leaves_the_terminal_as_it_was_found(program):
    os.kill(program.pid, signal.SIGTERM)
    program.child.expect_exact("\x1b[?1049l")
    program.child.expect(pexpect.EOF)
    program.child.wait()
    assert program.child.exitstatus == 128 + signal.SIGTERM


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(CASES))
def test_a_terminal_closed_in_a_random_state_ends_the_program(program, seed):
    choose = random.Random(seed)
    way_to_a_secret = [("n", ""), *STATES["a secret to store"]]
    for keys, _ in way_to_a_secret[: choose.randrange(len(way_to_a_secret) + 1)]:
        program.send(keys)
        program.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=choose.choice([0.1, 1, 2]))
    way = choose.choice(WAYS)
    for _ in range(choose.randrange(8)):
        program.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=choose.choice([0, 0.02, 0.3]))
        if not program.is_active():
            return
        program.send(choose.choice(KEYS))
    if way == "quit, close":
        program.send("\x11")
    elif way == "terminate, close" and program.is_active():
        os.kill(program.pid, signal.SIGTERM)
    program.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=choose.random() / 4)
    program.close_terminal()
    if way == "close, terminate" and program.is_active():
        os.kill(program.pid, signal.SIGTERM)
    assert program.end_after(LIMIT_S, draw=False) < LIMIT_S
