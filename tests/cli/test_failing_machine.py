"""Real processes whose machine fails: the user gets the truth, and a command that works."""

from __future__ import annotations

import json
import re
import shlex
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from aws_shell import aws_server, paste
from console import PROGRAM
from real_account import Place

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.settings import runs_root, state_dir

DRIVER = Path(__file__).parents[1] / "support" / "failing_driver.py"
CREATED = "The user is created, and each secret is sealed or stored. Done: 1 STEP LEFT, but the report was not written."


@pytest.fixture(scope="module")
def demo():
    with DemoAccount() as account:
        yield account


@pytest.fixture
def place(demo, tmp_path):
    return Place(demo, tmp_path)


@pytest.fixture
def fails(place):
    """Return a function that applies a request on a machine that fails after an event of the journal."""

    def _fails(failure, event, name):
        words = place.apply(name, access="both", mfa="sealed")
        done = place.headless(*words, program=(sys.executable, DRIVER, event, failure))
        assert "Traceback" not in done.stderr
        return done

    return _fails


def run_printed(place, line, **replaced):
    """Run the command at the end of ``line`` and return the finished process."""
    command = line.split(": breakglass-tui ", 1)[1]
    for name, value in replaced.items():
        command = command.replace(name, shlex.quote(str(value)))
    return place.headless(*shlex.split(command), program=PROGRAM)


def events(place, name):
    """Return the events in the journal of the run that wrote the report of ``name``."""
    run = json.loads((place.directory / name / "report.json").read_text())["run"]["id"]
    lines = (runs_root(demo=False) / "runs" / run / "journal.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("failure", "why", "next"),
    [
        ("full_disk", "No space left on device.", "Free disk space, or choose another directory with --out."),
        ("full_quota", "Disk quota exceeded.", "Free space in your disk quota, or choose another directory"),
    ],
)
def test_a_report_that_has_no_room_is_written_by_the_printed_command(place, fails, failure, why, next):
    name = f"bg-{failure.replace('_', '-')}"
    done = fails(failure, "RunFinished", name)
    assert done.returncode == ExitCode.UNEXPECTED
    assert f"The system reports: {why}\n  {next}" in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(CREATED)
    assert json.loads(done.stdout)["user"]["name"] == name
    again = run_printed(place, last, NEW_DIR=place.directory / "new")
    assert again.returncode == ExitCode.DONE
    assert (place.directory / "new" / "report.json").is_file()


def test_without_descriptors_after_the_last_step_the_user_is_created_and_nothing_is_called_lost(place, fails):
    done = fails("no_descriptors", "RunFinished", "bg-descriptors")
    assert done.returncode == ExitCode.UNEXPECTED
    assert "The system reports: Too many open files" in done.stderr
    assert "Allow more open files with: ulimit -n 1024" in done.stderr
    assert "unexpected" not in done.stderr.casefold()
    last = done.stderr.splitlines()[-1]
    assert last.startswith("The user is created, and each secret is sealed or stored. Done: NOT PROVEN.")
    checks = {check["id"]: check["status"] for check in json.loads(done.stdout)["checks"]}
    assert "fail" not in checks.values()
    again = run_printed(place, last, NEW_DIR=place.directory / "new")
    assert again.returncode == ExitCode.DONE
    assert (place.directory / "new" / "report.json").is_file()


def test_without_descriptors_in_the_run_the_network_is_not_blamed_and_the_removal_can_continue(place, fails):
    done = fails("no_descriptors", "StepFinished", "bg-connections")
    assert done.returncode == ExitCode.INCOMPLETE
    assert "No connection to AWS can be opened." in done.stderr
    assert "Check the network" not in done.stderr
    again = run_printed(place, done.stderr.splitlines()[-1])
    assert again.returncode == ExitCode.UNDONE
    assert "Everything this run created was removed." in again.stderr.splitlines()[-1]
    assert not place.has_user("bg-connections")


def test_a_full_quota_stops_the_run_which_resumes(place, fails):
    done = fails("journal_quota", "StepFinished", "bg-quota")
    assert done.returncode == ExitCode.INCOMPLETE
    assert "The system reports: Disk quota exceeded.\n  Free space in your disk quota, or set XDG" in done.stderr
    assert run_printed(place, done.stderr.splitlines()[-1]).returncode == ExitCode.DONE


def test_a_state_directory_that_was_moved_stops_the_run_which_resumes_when_it_is_back(place, fails):
    done = fails("moved_state", "StepFinished", "bg-moved")
    assert done.returncode == ExitCode.INCOMPLETE
    assert "was deleted or moved, so nothing more is sent to AWS." in done.stderr
    last = done.stderr.splitlines()[-1]
    assert "If you can move the journal back, run then: breakglass-tui" in last
    state_dir().with_name("moved").rename(state_dir())
    assert run_printed(place, last).returncode == ExitCode.DONE


def test_after_the_state_directory_was_deleted_the_printed_commands_remove_everything(place, fails):
    done = fails("deleted_state", "EnvelopeStarted", "bg-deleted")
    assert done.returncode == ExitCode.INCOMPLETE
    line = re.search(r"To remove the resources without the journal, run: (.*)", done.stderr)[1]
    assert place.has_user("bg-deleted")
    keys = {name: place.env[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    with aws_server() as aws:
        paste(line, place.directory, aws, {**keys, "AWS_DEFAULT_REGION": "eu-west-1"})
    assert not place.has_user("bg-deleted")
    devices = place.iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    assert [device for device in devices if "bg-deleted" in device["SerialNumber"]] == []


@pytest.mark.parametrize(("failure", "text"), [("clock_ahead", "forward by 3 days"), ("clock_back", "back by 3 days")])
def test_a_clock_that_is_set_in_the_run_is_said_once_and_changes_nothing(place, fails, failure, text):
    name = f"bg-{failure.replace('_', '-')}"
    done = fails(failure, "StepFinished", name)
    assert done.returncode == ExitCode.DONE
    assert done.stderr.count(f"the clock of this machine was set {text}") == 1
    times = [datetime.fromisoformat(event["at"]) for event in events(place, name)]
    # Steps run in parallel, so an event can be written a moment after a later one.
    assert all((later - time).total_seconds() > -60 for time, later in pairwise(times))
    assert (times[-1] - times[0]).total_seconds() < 3600
    report = json.loads(done.stdout)
    assert {check["id"]: check["status"] for check in report["checks"]}["mfa-devices"] == "pass"


def test_a_signal_after_the_last_step_changes_nothing(place, fails):
    done = fails("signal_ends", "RunFinished", "bg-signal")
    assert done.returncode == ExitCode.DONE
    assert done.stderr.splitlines()[-1].startswith("Done: 1 STEP LEFT. Report: ")
