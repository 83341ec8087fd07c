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


PROGRAM = "breakglass-tui --profile 'two words'"


def next_lines(run_id, how, steps):
    return [
        f"To remove the resources instead: {PROGRAM} undo {run_id}",
        f"{how}, resources kept: {steps}. Resume with: {PROGRAM} resume {run_id}",
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_keeps_the_resources_and_the_last_line_names_the_next_command(applied, fake_cloud, fake_step, number):
    def interrupted(context):
        os.kill(os.getpid(), number)
        context.wait(60)

    before = signal.getsignal(number)
    fake_cloud.steps = [fake_step("create-user", work=interrupted), fake_step("login-profile")]
    ran = applied("--json")
    assert ran.code == ExitCode.INCOMPLETE
    assert fake_cloud.steps[0].log == ["apply create-user"]
    assert ran.json["run"]["status"] == "incomplete"
    assert "the current calls finish first" in ran.err
    assert ran.err.splitlines()[-2:] == next_lines(ran.json["run"]["id"], "Stopped", "create-user, login-profile")
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


def test_a_second_signal_does_nothing_more_than_ask_for_patience():
    said, done = [], []
    with Interrupts(said.append) as interrupts:
        interrupts.on_signal(lambda: done.append("stop"))
        for number in NUMBERS:
            signal.raise_signal(number)
    assert done == ["stop"]
    assert said.count("stopping: the current calls finish first") == 1
    assert said.count("still stopping, please wait") == 2


def test_after_a_signal_during_the_validation_the_last_line_names_the_command_that_validates(
    applied, fake_cloud, fake_check
):
    class Interrupted(fake_check):
        def inspect(self, context):
            os.kill(os.getpid(), signal.SIGINT)
            context.wait(60)

    fake_cloud.proofs = [Interrupted("access")]
    ran = applied()
    assert ran.code == ExitCode.INCOMPLETE
    validate = f"{PROGRAM} validate --user-name bg-alice"
    assert ran.err.splitlines()[-1].startswith("Created, not validated: NOT PROVEN.")
    assert ran.err.splitlines()[-1].endswith(f"Validate with: {validate}")


def test_a_printer_that_fails_before_the_first_step_ends_the_run(applied, fake_cloud, fake_step, monkeypatch):
    def broken(self, event):
        raise RuntimeError("no room to draw")

    monkeypatch.setattr(EventPrinter, "print", broken)
    fake_cloud.steps = [fake_step("create-user", work=lambda context: context.wait(60)), fake_step("login-profile")]
    ran = applied("--json")
    # The first event raised the error, before any step had started.
    assert ran.code == ExitCode.UNEXPECTED
    assert fake_cloud.steps[0].log == []
    assert "An unexpected error occurred" in ran.err


def test_a_printer_that_fails_during_the_run_stops_it_and_keeps_the_resources(
    applied, fake_cloud, fake_step, monkeypatch
):
    original = EventPrinter.print

    def breaks(self, event):
        if type(event).__name__ == "StepStarted":
            raise RuntimeError("no room to draw")
        original(self, event)

    monkeypatch.setattr(EventPrinter, "print", breaks)
    fake_cloud.steps = [fake_step("create-user"), fake_step("login-profile", frozenset({"create-user"}))]
    ran = applied("--json")
    assert ran.code == ExitCode.INCOMPLETE
    assert [step["status"] for step in ran.json["steps"]] == ["done", "cancelled"]
    assert ran.err.splitlines()[-2:] == next_lines(ran.json["run"]["id"], "Stopped by an error", "create-user")


def test_a_signal_during_an_undo_stops_it_and_it_can_be_continued(applied, command, fake_cloud, fake_step):
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
    last = f"Continue the removal with: {PROGRAM} resume {run_id}"
    assert ran.err.splitlines()[-1] == f"Stopped during the removal. Left in AWS: create-user, access-key. {last}"
    key.unwork = None
    assert command("undo", run_id, "--yes").code == ExitCode.DONE
    assert user.log == ["apply create-user", "undo create-user"]
