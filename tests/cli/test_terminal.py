from __future__ import annotations

import codecs
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.questions import MfaCodes, StoreSecret
from breakglass_tui.plain.operator import Operator
from breakglass_tui.plain.terminal import Terminal, Withdrawn
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair

REQUEST = """
region = "eu-west-1"
user_name = "bg-night"
mfa = "authenticator"
kms_key_id = "alias/break-glass"
"""


class Console:
    """The program on a terminal of its own, with stdout in a pipe."""

    def __init__(self, *arguments):
        self.master, slave = pty.openpty()
        command = [sys.executable, "-m", "breakglass_tui", *arguments]
        self.process = subprocess.Popen(command, stdin=slave, stderr=slave, stdout=subprocess.PIPE, text=True)
        os.close(slave)
        self.seen, self.open = "", True
        self.decode = codecs.getincrementaldecoder("utf-8")().decode

    def until(self, pattern, within=60):
        """Read until ``pattern`` was said; gives the match."""
        end = time.monotonic() + within
        while not (match := re.search(pattern, self.seen)):
            assert self.open, self.seen
            assert time.monotonic() < end, self.seen
            self.read()
        return match

    def read(self):
        if self.open and select.select([self.master], [], [], 1)[0]:
            try:
                self.seen += self.decode(os.read(self.master, 65536))
            except OSError:  # the other side of the terminal is closed
                self.open = False

    def type(self, line):
        os.write(self.master, f"{line}\n".encode())

    def ended(self):
        """Exit code and all of stdout."""
        out = []
        reader = threading.Thread(target=lambda: out.append(self.process.stdout.read()))
        reader.start()
        while self.open:
            self.read()
        reader.join(30)
        return self.process.wait(30), out[0]


@pytest.fixture
def console(tmp_path):
    path = tmp_path / "request.toml"
    path.write_text(REQUEST)
    console = Console("--demo", "apply", "--json", "--request", str(path), "--out", str(tmp_path / "out"))
    yield console
    if console.process.poll() is None:
        console.process.kill()
        console.process.wait()
    console.process.stdout.close()
    os.close(console.master)


def test_an_operator_on_a_terminal_agrees_scans_and_types_two_codes(console):
    console.until(r"Type yes to go on:")
    console.type("yes")
    console.until(r"[█▀▄]{20}")
    console.until(r"First code")
    console.type("seed")
    seed = console.until(r"Seed: ([A-Z2-7]+)")[1]
    console.type("12345")
    console.until(r"six digits; type it again")
    first, second = code_pair(Secret(seed), time.time())
    console.type(first)
    console.type(second)
    code, out = console.ended()
    assert code == ExitCode.DONE, console.seen
    statuses = {check["id"]: check["status"] for check in json.loads(out)["checks"]}
    assert statuses["mfa-devices"] == "pass"
    assert seed not in out


def test_ctrl_c_while_a_question_is_open_takes_everything_back(console, tmp_path):
    console.until(r"Type yes to go on:")
    console.type("y")
    console.until(r"First code")
    console.process.send_signal(signal.SIGINT)
    code, out = console.ended()
    assert code == ExitCode.INTERRUPTED, console.seen
    report = json.loads(out)
    assert report["run"]["status"] == "undone"
    assert report["envelopes"] == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.html", "report.json", "report.md"]


def test_anything_but_yes_writes_nothing(console, tmp_path):
    console.until(r"Type yes to go on:")
    console.type("maybe")
    assert console.ended() == (ExitCode.INTERRUPTED, "")
    assert "Nothing was written." in console.seen
    assert not (tmp_path / "out").exists()


@pytest.fixture
def pipe():
    read, write = os.pipe()
    yield read, write
    os.close(read)


class FakeRun:
    def __init__(self):
        self.answers, self.stopped, self.over = [], "", threading.Event()

    def answer(self, number, answer):
        self.answers.append((number, answer))
        self.over.set()
        return True

    def stop(self, after):
        self.stopped = after
        self.over.set()


def asked(question):
    return e.Asked(None, "mfa-device", 7, question)


CODES = MfaCodes("arn:mfa", Secret("otpauth://totp/x?secret=SEEDSEED"), Secret("SEEDSEED"))


def test_the_same_code_twice_is_asked_for_again(pipe):
    read, write = pipe
    os.write(write, b"111111\n111111\n222 222\n333333\n")
    said, run = [], FakeRun()
    Operator(Terminal(said.append, read), run).ask(asked(CODES))
    assert run.over.wait(20)
    assert run.answers == [(7, ("222222", "333333"))]
    assert "Two different codes are needed" in "\n".join(said)
    assert "SEEDSEED" not in "\n".join(said)
    os.close(write)


def test_input_that_ends_stops_the_run_and_undoes_it(pipe):
    read, write = pipe
    os.close(write)
    run = FakeRun()
    Operator(Terminal(lambda line: None, read), run).ask(asked(CODES))
    assert run.over.wait(20)
    assert (run.stopped, run.answers) == ("undo", [])


def test_a_refused_pair_says_why_and_draws_no_second_picture(pipe):
    read, write = pipe
    os.write(write, b"111111\n222222\n")
    said, run = [], FakeRun()
    refused = MfaCodes("arn:mfa", CODES.uri, CODES.seed, refused="wrong codes")
    Operator(Terminal(said.append, read), run).ask(asked(refused))
    assert run.over.wait(20)
    assert said[0] == "Not accepted: wrong codes"
    assert "█" not in "".join(said)
    os.close(write)


def test_a_secret_that_needs_a_screen_stops_the_run():
    run, said = FakeRun(), []
    Operator(Terminal(said.append), run).ask(asked(StoreSecret("Password", Secret("hunter2"))))
    assert run.over.wait(20)
    assert run.stopped == "undo"
    assert "hunter2" not in "".join(said)


def test_a_reader_can_be_called_off(pipe):
    read, write = pipe
    terminal, raised = Terminal(lambda line: None, read), []

    def reads():
        try:
            terminal.line()
        except Withdrawn:
            raised.append(True)

    thread = threading.Thread(target=reads)
    thread.start()
    terminal.close()
    thread.join(20)
    assert raised == [True]
    os.close(write)
