from __future__ import annotations

import json
import os
import signal
import threading
import time

import pytest
from console import Console

from breakglass_tui.domain import events as e
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.questions import MfaCodes, SignIn, StoreSecret
from breakglass_tui.plain.operator_prompts import OperatorPrompts
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair

REQUEST = """
region = "eu-west-1"
user_name = "bg-night"
mfa = "authenticator"
kms_key_id = "alias/break-glass"
seal_to = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]
"""


@pytest.fixture
def console(tmp_path):
    path = tmp_path / "request.toml"
    path.write_text(REQUEST)
    console = Console("--demo", "apply", "--json", "--request", str(path), "--out", str(tmp_path / "out"))
    yield console
    console.close()


def test_an_operator_on_a_terminal_agrees_scans_and_types_two_codes(console):
    console.until(r"Type yes to continue:")
    console.type("yes")
    console.until(r"[█▀▄]{20}")
    console.until(r"First code")
    console.type("seed")
    seed = console.until(r"Seed: ([A-Z2-7]+)")[1]
    console.type("12345")
    console.until(r"six digits. Type the code again")
    first, second = code_pair(Secret(seed), time.time())
    console.type(first)
    console.type(second)
    code, out = console.ended()
    assert code == ExitCode.DONE, console.seen
    statuses = {check["id"]: check["status"] for check in json.loads(out)["checks"]}
    assert statuses["mfa-devices"] == "pass"
    assert seed not in out


@pytest.mark.parametrize("how", ["ctrl-c", "terminated"])
def test_a_signal_while_a_question_is_open_stops_the_run(console, how):
    console.until(r"Type yes to continue:")
    console.type("y")
    console.until(r"First code")
    number = signal.SIGINT if how == "ctrl-c" else signal.SIGTERM
    console.process.send_signal(number)
    console.until(r"the current calls finish first")
    code, out = console.ended()
    report = json.loads(out)
    assert code == ExitCode.INCOMPLETE, console.seen
    assert report["run"]["status"] == "incomplete"
    assert report["steps"][0]["status"] == "done"
    last = console.seen.strip().splitlines()[-1]
    assert last.startswith("Stopped. The simulated account ended with this process. Start again with: breakglass-tui")


def test_anything_but_yes_writes_nothing(console, tmp_path):
    console.until(r"Type yes to continue:")
    console.type("maybe")
    assert console.ended() == (ExitCode.INTERRUPTED, "")
    assert "Cancelled: nothing was written to AWS." in console.seen
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
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(CODES))
    assert run.over.wait(20)
    assert run.answers == [(7, ("222222", "333333"))]
    assert "The two codes must differ." in "\n".join(said)
    assert "SEEDSEED" not in "\n".join(said)
    os.close(write)


def test_for_a_screen_reader_the_qr_code_is_drawn_only_on_request(pipe):
    read, write = pipe
    os.write(write, b"111111\n222222\n")
    said, run = [], FakeRun()
    OperatorPrompts(Terminal(said.append, read, aloud=True), run).ask(asked(CODES))
    assert run.over.wait(20)
    assert not set("█▀▄") & set("".join(said))
    assert "SEEDSEED" not in "".join(said)
    os.write(write, b"qr\nseed\n111111\n222222\n")
    again = FakeRun()
    OperatorPrompts(Terminal(said.append, read, aloud=True), again).ask(asked(CODES))
    assert again.over.wait(20)
    assert set("█▀▄") & set("".join(said))
    assert "Seed: SEEDSEED" in said
    os.close(write)


def test_the_end_of_the_input_stops_the_run_and_keeps_its_resources(pipe):
    read, write = pipe
    os.close(write)
    run = FakeRun()
    OperatorPrompts(Terminal(lambda line: None, read), run).ask(asked(CODES))
    assert run.over.wait(20)
    assert (run.stopped, run.answers) == ("keep", [])


def test_a_refused_pair_says_why_and_draws_no_second_picture(pipe):
    read, write = pipe
    os.write(write, b"111111\n222222\n")
    said, run = [], FakeRun()
    refused = MfaCodes("arn:mfa", CODES.uri, CODES.seed, refused="wrong codes")
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(refused))
    assert run.over.wait(20)
    assert said[0] == "AWS refused the codes: wrong codes"
    assert "█" not in "".join(said)
    os.close(write)


def test_a_secret_that_needs_a_screen_stops_the_run():
    run, said = FakeRun(), []
    OperatorPrompts(Terminal(said.append), run).ask(asked(StoreSecret("Password", Secret("hunter2"))))
    assert run.over.wait(20)
    assert run.stopped == "keep"
    assert "hunter2" not in "".join(said)


def test_a_question_is_withdrawn_when_the_run_rolls_back(pipe):
    read, write = pipe
    prompted, run = threading.Event(), FakeRun()
    operator = OperatorPrompts(Terminal(lambda line: prompted.set(), read), run)
    operator.handle(asked(CODES))
    assert prompted.wait(20)
    operator.handle(e.UndoStarted(None, "refused", ()))
    assert joined("breakglass-operator")
    assert (run.stopped, run.answers) == ("", [])
    operator.handle(asked(EXPIRED))
    os.write(write, b"\n")
    assert run.over.wait(20)
    assert run.answers == [(7, True)]
    os.close(write)


def test_for_a_screen_reader_messages_wait_for_the_open_question(pipe):
    read, write = pipe
    said, run, prompted = [], FakeRun(), threading.Event()

    def hear(line):
        said.append(line)
        if line.startswith(("Then press Enter", "First code")):
            prompted.set()

    terminal = Terminal(hear, read, aloud=True)
    operator = OperatorPrompts(terminal, run)
    terminal.write_message("before")
    operator.handle(asked(EXPIRED))
    assert prompted.wait(20)
    terminal.write_message("meanwhile")
    assert said[-1].startswith("Then press Enter")
    os.write(write, b"\n")
    assert run.over.wait(20)
    assert (said[0], said[-1]) == ("before", "meanwhile")
    prompted.clear()
    operator.handle(asked(CODES))
    assert prompted.wait(20)
    terminal.write_message("refused")
    operator.handle(e.UndoStarted(None, "refused", ()))
    assert said[-1] == "refused"
    assert joined("breakglass-operator")
    terminal.write_message("after")
    assert said[-1] == "after"
    sighted = Terminal(hear)
    sighted.begin_question()
    sighted.write_message("at once")
    assert said[-1] == "at once"
    os.close(write)


def joined(name):
    """Wait for the threads of that name, and return whether they have ended."""
    threads = [thread for thread in threading.enumerate() if thread.name == name]
    for thread in threads:
        thread.join(20)
    return not any(thread.is_alive() for thread in threads)


EXPIRED = SignIn("123456789012", "The token has expired.")


def test_the_run_waits_for_new_credentials(pipe):
    read, write = pipe
    os.write(write, b"\n")
    said, run = [], FakeRun()
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(EXPIRED))
    assert run.over.wait(20)
    assert run.answers == [(7, True)]
    assert "account 123456789012 no longer work: The token has expired." in said[0]
    assert "press Enter" in said[-1]
    os.close(write)


def test_the_reason_why_new_credentials_are_refused_is_shown(pipe):
    read, write = pipe
    os.write(write, b"\n")
    said, run = [], FakeRun()
    refused = SignIn("123456789012", "The token has expired.", refused="These are of another account.")
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(refused))
    assert run.over.wait(20)
    assert said[0] == "The credentials still do not work: These are of another account."
    os.close(write)


def test_without_a_terminal_expired_credentials_stop_the_run_with_one_line():
    said, run = [], FakeRun()
    OperatorPrompts(Terminal(said.append), run).ask(asked(EXPIRED))
    assert run.over.wait(20)
    assert (run.stopped, len(said)) == ("keep", 1)
    assert "There is no terminal to wait for new ones." in said[0]


def test_two_questions_are_asked_one_after_the_other(pipe):
    read, write = pipe
    said, run = [], FakeRun()
    prompted = threading.Event()

    def write_down(line):
        said.append(line)
        prompted.set()

    operator = OperatorPrompts(Terminal(write_down, read), run)
    operator.ask(asked(EXPIRED))
    assert prompted.wait(20)
    operator.ask(asked(EXPIRED))
    os.write(write, b"\n\n")
    assert joined("breakglass-operator")
    assert run.answers == [(7, True)] * 2
    assert said[:3] == said[3:]
    os.close(write)
