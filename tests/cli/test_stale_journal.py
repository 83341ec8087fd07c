"""A journal that is older than its run, cut, empty, or no file: it is listed, and nothing is deleted because of it."""

from __future__ import annotations

import json
import os
import signal

import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.settings import runs_root

USER = frozenset({"create-user"})


def stops(context):
    os.kill(os.getpid(), signal.SIGTERM)
    context.wait(60)


@pytest.fixture
def log():
    return []


@pytest.fixture
def stopped(command, connected, request_file, tmp_path, fake_cloud, fake_step, log):
    """Stop a run while it creates the access key, and return the path of its journal."""
    user = fake_step("create-user", work=lambda context: StepOutcome("made", {"user_id": "AIDA1"}), log=log)
    key = fake_step("access-key", USER, stops, log=log, observed=ObservedState(Observation.THERE, "a key"))
    fake_cloud.steps = [user, key]
    ran = command("apply", "--json", "--yes", "--request", request_file, "--out", tmp_path / "out")
    key.work = None
    log.clear()
    return runs_root(demo=False) / "runs" / ran.json["run"]["id"] / "journal.jsonl"


@pytest.mark.parametrize("words", [("resume",), ("undo", "--yes")])
def test_a_backup_of_the_journal_restored_over_the_finished_run_deletes_nothing(stopped, command, log, words):
    backup = stopped.read_bytes()
    run_id = stopped.parent.name
    assert command("resume", run_id).code == ExitCode.DONE
    stopped.write_bytes(backup)
    log.clear()
    ran = command(words[0], run_id, *words[1:])

    assert ran.code not in (ExitCode.DONE, ExitCode.UNEXPECTED)
    assert f"The journal of run {run_id} is older than its report, or was changed. It is not used." in ran.err
    assert log == []
    assert stopped.read_bytes() == backup


def test_the_current_journal_is_resumed_although_it_has_grown_since_the_report(stopped, command, log):
    assert command("resume", stopped.parent.name).code == ExitCode.DONE
    assert command("undo", stopped.parent.name, "--yes").code == ExitCode.DONE
    assert log == ["apply access-key", "undo access-key", "undo create-user"]


@pytest.mark.parametrize("words", [("runs",), ("runs", "--json")])
def test_a_pipe_in_place_of_a_journal_does_not_stop_the_list(stopped, command, words):
    stopped.unlink()
    os.mkfifo(stopped)
    ran = command(*words)
    assert ran.code == ExitCode.DONE
    assert "It is a pipe, not a file." in ran.out


def test_an_empty_journal_is_listed(stopped, command):
    stopped.write_bytes(b"")
    (run,) = command("runs", "--json").json["runs"]
    assert run["id"] == stopped.parent.name
    assert "is empty" in run["problem"]["what"]
    assert stopped.parent.name in run["problem"]["next"]
    assert command("undo", stopped.parent.name, "--yes").code != ExitCode.DONE


def test_a_journal_cut_to_its_first_line_is_compared_with_aws(stopped, command):
    first = stopped.read_bytes().split(b"\n")[0] + b"\n"
    assert json.loads(first)["n"] == 1
    stopped.write_bytes(first)
    document = command("runs", "--json").json["runs"][0]
    assert document["finished"] is False
    assert document["steps"][0]["aws"] == "there"
    assert "was cut" in document["problem"]["what"]
    assert "aws iam delete-user --user-name bg-alice" in document["problem"]["next"]
    text = command("runs")
    assert "aws iam delete-user --user-name bg-alice" in text.out
    for words in (("resume",), ("undo", "--yes")):
        ran = command(words[0], stopped.parent.name, *words[1:])
        assert ran.code != ExitCode.DONE
        assert "aws iam delete-user --user-name bg-alice" in ran.err


def test_a_changed_journal_names_the_commands_that_remove_what_its_whole_lines_show(stopped, command):
    lines = stopped.read_bytes().split(b"\n")
    lines[4] = lines[4].replace(b'"n":5', b'"n":6')
    stopped.write_bytes(b"\n".join(lines))
    (run,) = command("runs", "--json").json["runs"]
    assert "Line 5 was changed" in run["problem"]["why"]
    assert run["user_name"] == "bg-alice"
    assert "aws iam delete-user --user-name bg-alice" in run["problem"]["next"]
