"""Real processes that are killed, or that cannot write, with an account that outlives them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest
from console import LIMIT_S, PROGRAM, Console
from real_account import Place

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair
from breakglass_tui.settings import runs_root

FILL_UP = """
import os, resource, signal, sys
def fill_up(*_):
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    os.write(2, b"the disk is full\\n")
signal.signal(signal.SIGUSR1, fill_up)
from breakglass_tui.cli import main
main()
"""
FILLS_UP = (sys.executable, "-c", FILL_UP)
"""The program on a disk that is full after SIGUSR1."""


@pytest.fixture(scope="module")
def demo():
    with DemoAccount() as account:
        yield account


@pytest.fixture
def place(demo, tmp_path):
    return Place(demo, tmp_path)


@pytest.fixture
def console(place):
    consoles = []

    def _console(*words, program=PROGRAM):
        consoles.append(Console(*words, env=place.env, program=program))
        return consoles[-1]

    yield _console
    for one in consoles:
        one.close()


def type_codes(console):
    """Scan and type like an operator."""
    console.until(r"First code")
    console.type("seed")
    seed = console.until(r"Seed: ([A-Z2-7]+)")[1]
    for code in code_pair(Secret(seed), time.time()):
        console.type(code)


def test_killed_while_it_waits_for_codes_it_is_listed_resumed_and_undone(place, console):
    words = place.apply("bg-killed", access="both", mfa="authenticator")
    first = console(*words)
    first.until(r"login-profile +DONE[\s\S]*First code|First code[\s\S]*login-profile +DONE")

    second = place.headless(*place.apply("bg-killed"))
    assert second.returncode == ExitCode.ALREADY_RUNNING
    assert re.search(rf"Process {first.process.pid} on \S+ has held the lock since \S+ \S+ UTC", second.stderr)

    first.process.kill()
    assert first.process.wait(LIMIT_S) == -signal.SIGKILL
    run = json.loads(place.headless(*place.words("runs", "--json")).stdout)["runs"][0]
    now = {step["id"]: step["aws"] for step in run["steps"]}
    assert (run["user_name"], run["finished"]) == ("bg-killed", False)
    assert (now["create-user"], now["login-profile"], now["inline-policy"]) == ("there", "there", "not there")

    again = console(*place.words("resume", run["id"], "--json"))
    type_codes(again)
    code, out = again.ended()
    assert code == ExitCode.DONE, again.seen
    assert json.loads(out)["run"] | {"id": run["id"], "status": "done"} == json.loads(out)["run"]
    assert len(place.iam.list_access_keys(UserName="bg-killed")["AccessKeyMetadata"]) == 1
    assert len(place.iam.list_mfa_devices(UserName="bg-killed")["MFADevices"]) == 1

    undone = console(*place.words("undo", run["id"][:8]))
    undone.until(r"\n +access key AKIA\w+\s[\s\S]*Type yes to continue:")
    undone.type("yes")
    code, out = undone.ended()
    assert code == ExitCode.DONE
    assert out.startswith("REMOVED\n  Nothing of this run is left in AWS.\n")
    assert "bg-killed/export-" in out
    assert not place.has_user("bg-killed")


def test_a_closed_terminal_keeps_the_resources_and_the_journal_has_the_end(place):
    words = [*PROGRAM[1:], *map(str, place.apply("bg-closed", mfa="authenticator"))]
    child = pexpect.spawn(PROGRAM[0], words, env=place.env, dimensions=(60, 120), timeout=LIMIT_S, use_poll=True)
    try:
        child.expect_exact("First code")
        child.ptyproc.fileobj.close()
        _, status = os.waitpid(child.pid, 0)
        assert os.waitstatus_to_exitcode(status) == ExitCode.INCOMPLETE
    finally:
        # pexpect must not wait for a process that has been waited for.
        child.closed = child.ptyproc.closed = child.ptyproc.terminated = True
    report = json.loads((place.directory / "bg-closed" / "report.json").read_text())
    assert report["run"]["status"] == "incomplete"
    last = (runs_root(demo=False) / "runs" / report["run"]["id"] / "journal.jsonl").read_text().splitlines()[-1]
    assert json.loads(last)["event"] == "RunFinished"


def test_on_a_disk_that_becomes_full_nothing_more_is_sent_and_resume_finishes(place, console):
    full = console(*place.apply("bg-full", access="both", mfa="authenticator"), program=FILLS_UP)
    full.until(r"access-key +DONE[\s\S]*First code|First code[\s\S]*access-key +DONE")
    full.process.send_signal(signal.SIGUSR1)
    full.until("the disk is full")
    type_codes(full)
    code, _ = full.ended()
    assert code == ExitCode.INCOMPLETE, full.seen
    assert "The journal of this run cannot be written, so nothing more is sent to AWS." in full.seen
    assert place.iam.list_mfa_devices(UserName="bg-full")["MFADevices"] == []
    run = full.until(r"Resume with: breakglass-tui .* resume (\w+)\s")[1]

    again = console(*place.words("resume", run))
    type_codes(again)
    code, _ = again.ended()
    assert code == ExitCode.DONE, again.seen
    assert len(place.iam.list_mfa_devices(UserName="bg-full")["MFADevices"]) == 1
    assert len(place.iam.list_access_keys(UserName="bg-full")["AccessKeyMetadata"]) == 1


def test_without_a_writable_journal_nothing_is_sent(place, tmp_path):
    (tmp_path / "file").write_text("")
    place.env["XDG_STATE_HOME"] = str(tmp_path / "file" / "state")
    ran = place.headless(*place.apply("bg-readonly"))
    assert ran.returncode == ExitCode.USAGE
    assert "cannot be written, so nothing more is sent to AWS" in ran.stderr
    assert "XDG_STATE_HOME" in ran.stderr
    assert not place.has_user("bg-readonly")


def test_streams_without_a_reader_do_not_change_the_result(place):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as gone:
        ran = place.headless(*place.apply("bg-gone"), stdout=gone, stderr=gone)
    assert ran.returncode == ExitCode.DONE
    assert place.has_user("bg-gone")


def test_streams_that_are_closed_from_the_start_do_not_change_the_result(place):
    ran = place.headless(*place.apply("bg-closed-streams"), preexec_fn=lambda: os.closerange(0, 3))
    assert ran.returncode == ExitCode.DONE
    assert place.has_user("bg-closed-streams")


def test_no_file_takes_the_place_of_a_stream_that_is_closed(tmp_path):
    script = (
        "from breakglass_tui.cli.streams import open_missing\nopen_missing()\n"
        "with open('number', 'w') as file: file.write(str(file.fileno()))\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, preexec_fn=lambda: os.closerange(0, 3), check=True)
    assert int((tmp_path / "number").read_text()) > 2


def test_a_result_that_cannot_be_written_is_an_error_of_its_own(place):
    with Path("/dev/full").open("w") as full:
        ran = place.headless(*place.words("runs", "--json"), stdout=full)
    assert ran.returncode == ExitCode.UNEXPECTED
    assert ran.stderr.startswith("breakglass-tui: The result cannot be written to stdout.")
