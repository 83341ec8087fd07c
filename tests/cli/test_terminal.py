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


@pytest.mark.parametrize("how", ["ctrl-c", "terminated"])
def test_a_signal_while_a_question_is_open_keeps_what_was_made_and_names_the_way_on(console, how):
    console.until(r"Type yes to go on:")
    console.type("y")
    console.until(r"First code")
    number = signal.SIGINT if how == "ctrl-c" else signal.SIGTERM
    console.process.send_signal(number)
    console.until(r"the calls in flight end first")
    code, out = console.ended()
    report = json.loads(out)
    assert code == ExitCode.INCOMPLETE, console.seen
    assert report["run"]["status"] == "incomplete"
    assert report["steps"][0]["status"] == "done"
    run, demo = report["run"]["id"], "breakglass-tui --demo"
    last = console.seen.strip().splitlines()[-1]
    assert last == f"Resume with: {demo} resume {run}   or remove it with: {demo} undo {run}"


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
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(CODES))
    assert run.over.wait(20)
    assert run.answers == [(7, ("222222", "333333"))]
    assert "Two different codes are needed" in "\n".join(said)
    assert "SEEDSEED" not in "\n".join(said)
    os.close(write)


def test_where_lines_are_read_out_the_code_to_scan_is_drawn_only_when_it_is_asked_for(pipe):
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


def test_input_that_ends_stops_the_run_and_keeps_what_it_made(pipe):
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
    assert said[0] == "Not accepted: wrong codes"
    assert "█" not in "".join(said)
    os.close(write)


def test_a_secret_that_needs_a_screen_stops_the_run():
    run, said = FakeRun(), []
    OperatorPrompts(Terminal(said.append), run).ask(asked(StoreSecret("Password", Secret("hunter2"))))
    assert run.over.wait(20)
    assert run.stopped == "keep"
    assert "hunter2" not in "".join(said)


def test_what_is_asked_is_called_off_when_the_run_turns_back_and_stops_nothing(pipe):
    read, write = pipe
    prompted, run = threading.Event(), FakeRun()
    operator = OperatorPrompts(Terminal(lambda line: prompted.set(), read), run)
    operator.follow(asked(CODES))
    assert prompted.wait(20)
    operator.follow(e.UndoStarted(None, "refused", ()))
    assert joined("breakglass-operator")
    assert (run.stopped, run.answers) == ("", [])
    operator.follow(asked(SPENT))
    os.write(write, b"\n")
    assert run.over.wait(20)
    assert run.answers == [(7, True)]
    os.close(write)


def test_what_the_other_steps_do_meanwhile_is_told_behind_the_question_that_is_open(pipe):
    read, write = pipe
    said, run, prompted = [], FakeRun(), threading.Event()

    def hear(line):
        said.append(line)
        if line.startswith(("Press Enter", "First code")):
            prompted.set()

    terminal = Terminal(hear, read, aloud=True)
    operator = OperatorPrompts(terminal, run)
    terminal.aside("before")
    operator.follow(asked(SPENT))
    assert prompted.wait(20)
    terminal.aside("meanwhile")
    assert said[-1].startswith("Press Enter")
    os.write(write, b"\n")
    assert run.over.wait(20)
    assert (said[0], said[-1]) == ("before", "meanwhile")
    prompted.clear()
    operator.follow(asked(CODES))
    assert prompted.wait(20)
    terminal.aside("refused")
    operator.follow(e.UndoStarted(None, "refused", ()))
    assert said[-1] == "refused"
    assert joined("breakglass-operator")
    terminal.aside("after")
    assert said[-1] == "after"
    looked_at = Terminal(hear)
    looked_at.hold()
    looked_at.aside("at once")
    assert said[-1] == "at once"
    os.close(write)


def joined(name):
    """Whether the threads of that name have ended."""
    threads = [thread for thread in threading.enumerate() if thread.name == name]
    for thread in threads:
        thread.join(20)
    return not any(thread.is_alive() for thread in threads)


SPENT = SignIn("123456789012", "The token has expired.")


def test_spent_credentials_are_waited_for_until_the_operator_has_signed_in(pipe):
    read, write = pipe
    os.write(write, b"\n")
    said, run = [], FakeRun()
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(SPENT))
    assert run.over.wait(20)
    assert run.answers == [(7, True)]
    assert "account 123456789012 cannot be used any more: The token has expired." in said[0]
    assert "Press Enter" in said[-1]
    os.close(write)


def test_why_new_credentials_are_not_used_is_said(pipe):
    read, write = pipe
    os.write(write, b"\n")
    said, run = [], FakeRun()
    refused = SignIn("123456789012", "The token has expired.", refused="These are of another account.")
    OperatorPrompts(Terminal(said.append, read), run).ask(asked(refused))
    assert run.over.wait(20)
    assert said[0] == "Still not: These are of another account."
    os.close(write)


def test_without_a_terminal_spent_credentials_stop_the_run_with_one_line():
    said, run = [], FakeRun()
    OperatorPrompts(Terminal(said.append), run).ask(asked(SPENT))
    assert run.over.wait(20)
    assert (run.stopped, len(said)) == ("keep", 1)
    assert "There is no terminal to wait on" in said[0]


def test_two_questions_are_asked_one_after_the_other(pipe):
    read, write = pipe
    said, run = [], FakeRun()
    prompted = threading.Event()

    def write_down(line):
        said.append(line)
        prompted.set()

    operator = OperatorPrompts(Terminal(write_down, read), run)
    operator.ask(asked(SPENT))
    assert prompted.wait(20)
    operator.ask(asked(SPENT))
    os.write(write, b"\n\n")
    assert joined("breakglass-operator")
    assert run.answers == [(7, True)] * 2
    assert said[:3] == said[3:]
    os.close(write)
