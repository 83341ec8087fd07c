from __future__ import annotations

import os
import signal

import pytest

from breakglass_tui.cli.signals import Interrupts
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.plain.event_printer import EventPrinter

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def applied(command, connected, request_file, tmp_path):
    def _applied(*more):
        return command("--profile", "two words", "apply", "--yes", "--request", request_file, "--out", tmp_path, *more)

    return _applied


def way_on(run_id):
    begin = "breakglass-tui --profile 'two words'"
    return f"Resume with: {begin} resume {run_id}   or remove it with: {begin} undo {run_id}"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_keeps_what_was_made_and_the_last_line_names_the_way_on(applied, fake_cloud, fake_step, number):
    def interrupted(context):
        os.kill(os.getpid(), number)
        context.wait(60)

    before = signal.getsignal(number)
    fake_cloud.steps = [fake_step("create-user", work=interrupted), fake_step("login-profile")]
    ran = applied("--json")
    assert ran.code == ExitCode.INCOMPLETE
    assert fake_cloud.steps[0].log == ["apply create-user"]
    assert ran.json["run"]["status"] == "incomplete"
    assert "the calls in flight end first" in ran.err
    assert ran.err.splitlines()[-1] == way_on(ran.json["run"]["id"])
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_before_the_first_write_leaves_nothing_and_is_exit_130(applied, fake_cloud, fake_check, number):
    class Interrupted(fake_check):
        def inspect(self, context):
            os.kill(os.getpid(), number)
            return super().inspect(context)

    fake_cloud.looks = [Interrupted("caller-identity")]
    ran = applied()
    assert ran.code == ExitCode.INTERRUPTED
    assert fake_cloud.steps[0].log == []
    assert "Resume with" not in ran.err


def test_a_second_signal_does_nothing_more_and_is_asked_to_wait():
    said, done = [], []
    with Interrupts(said.append) as interrupts:
        interrupts.to(lambda: done.append("stop"))
        for number in NUMBERS:
            signal.raise_signal(number)
    assert done == ["stop"]
    assert said.count("interrupted: the calls in flight end first") == 1
    assert said.count("still ending; please wait") == 2


def test_a_signal_during_validation_says_that_all_is_made_and_how_to_prove_it(applied, fake_cloud, fake_check):
    class Interrupted(fake_check):
        def inspect(self, context):
            os.kill(os.getpid(), signal.SIGINT)
            context.wait(60)

    fake_cloud.proofs = [Interrupted("access")]
    ran = applied()
    assert ran.code == ExitCode.INCOMPLETE
    assert "All is made. Prove it with: breakglass-tui --profile 'two words' validate --user-name bg-alice " in ran.err


def test_telling_that_breaks_stops_the_run_keeps_it_and_names_the_way_on(applied, fake_cloud, fake_step, monkeypatch):
    def broken(self, event):
        raise RuntimeError("no room to draw")

    monkeypatch.setattr(EventPrinter, "print", broken)
    fake_cloud.steps = [fake_step("create-user", work=lambda context: context.wait(60)), fake_step("login-profile")]
    ran = applied("--json")
    # The first event broke it, before any step had begun.
    assert ran.code == ExitCode.UNEXPECTED
    assert fake_cloud.steps[0].log == []
    assert "Something unexpected happened" in ran.err


def test_telling_that_breaks_in_mid_run_does_not_leave_the_run_to_itself(applied, fake_cloud, fake_step, monkeypatch):
    told = EventPrinter.print

    def breaks(self, event):
        if type(event).__name__ == "StepStarted":
            raise RuntimeError("no room to draw")
        told(self, event)

    monkeypatch.setattr(EventPrinter, "print", breaks)
    fake_cloud.steps = [fake_step("create-user"), fake_step("login-profile", frozenset({"create-user"}))]
    ran = applied("--json")
    assert ran.code == ExitCode.INCOMPLETE
    assert [step["status"] for step in ran.json["steps"]] == ["done", "cancelled"]
    assert ran.err.splitlines()[-1] == way_on(ran.json["run"]["id"])


def test_a_signal_during_an_undo_halts_it_and_it_can_be_gone_on_with(applied, command, fake_cloud, fake_step):
    def refuse(context):
        raise Problem("AWS refused.", kind=Kind.REFUSED)

    def interrupted(context):
        os.kill(os.getpid(), signal.SIGTERM)
        context.wait(60)

    user, key = fake_step("create-user"), fake_step("access-key", frozenset({"create-user"}), refuse, interrupted)
    fake_cloud.steps = [user, key]
    ran = applied("--json")
    run_id = ran.json["run"]["id"]
    assert ran.code == ExitCode.INCOMPLETE
    assert user.log == ["apply create-user"]
    assert ran.err.splitlines()[-1] == f"Go on removing it with: breakglass-tui --profile 'two words' undo {run_id}"
    key.unwork = None
    assert command("undo", run_id, "--yes").code == ExitCode.DONE
    assert user.log == ["apply create-user", "undo create-user"]
