from __future__ import annotations

import json
import os
import signal
from dataclasses import replace

import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.plain.terminal import Terminal
from breakglass_tui.settings import runs_root

USER = frozenset({"create-user"})


def stops(context):
    os.kill(os.getpid(), signal.SIGTERM)
    context.wait(60)


@pytest.fixture
def stopped(command, connected, request_file, tmp_path, fake_cloud, fake_step):
    """Return a function that stops a run while it creates the access key, and returns its id."""
    log = []
    user = fake_step("create-user", work=lambda context: StepOutcome("made", {"user_id": "AIDA1"}), log=log)
    key = fake_step("access-key", USER, stops, log=log, observed=ObservedState(Observation.ABSENT, "no key of ours"))
    fake_cloud.steps = [user, key]

    def _stopped(text=None):
        request_file.write_text(text or request_file.read_text())
        ran = command("apply", "--json", "--yes", "--request", request_file, "--out", tmp_path / "out")
        assert ran.code == ExitCode.INCOMPLETE
        key.work = None
        log.clear()
        return ran.json["run"]["id"]

    return _stopped


def journal_of(run_id):
    return runs_root(demo=False) / "runs" / run_id / "journal.jsonl"


def test_resume_does_what_is_missing_validates_all_and_writes_the_report_beside_the_envelopes(
    stopped, command, fake_cloud, tmp_path
):
    run_id = stopped()
    before = (tmp_path / "out" / "report.json").read_bytes()
    ran = command("resume", run_id[:6], "--json")
    assert ran.code == ExitCode.DONE
    assert fake_cloud.steps[0].log == ["apply access-key"]
    assert ran.json == json.loads((tmp_path / "out" / "report.json").read_text())
    assert (ran.json["run"]["id"], ran.json["run"]["status"]) == (run_id, "done")
    (earlier,) = (tmp_path / "out").glob("export-*/report.json")
    assert earlier.read_bytes() == before
    assert json.loads(before)["run"]["status"] == "incomplete"
    assert fake_cloud.subjects[-1].user_id == "AIDA1"
    assert "resumed" in ran.err


def test_a_resumed_run_keeps_its_directory_so_no_other_is_suggested(stopped, command, tmp_path):
    run_id = stopped()
    (tmp_path / "out").rename(tmp_path / "moved")
    (tmp_path / "out").write_text("a file")
    ran = command("resume", run_id)
    assert f"Cannot write to {tmp_path / 'out'}." in ran.err
    assert f"Make {tmp_path / 'out'} a directory that only you can write to." in ran.err
    assert "--out" not in ran.err
    assert ran.err.splitlines()[-1].endswith(f"Resume with: breakglass-tui resume {run_id}")


def test_a_run_with_nothing_open_cannot_be_resumed(stopped, command):
    run_id = stopped()
    command("resume", run_id)
    again = command("resume", run_id)
    assert again.code == ExitCode.USAGE
    assert f"breakglass-tui undo {run_id}" in again.err
    assert command("undo", run_id, "--yes").code == ExitCode.DONE
    assert "was removed. There is nothing to resume." in command("resume", run_id).err


@pytest.mark.parametrize("words", [("resume", "0bad"), ("undo", "0bad", "--yes"), ("resume", "")])
def test_an_unknown_run_is_a_usage_error_with_the_command_that_lists_the_runs(command, connected, words):
    ran = command("--profile", "night", *words)
    assert ran.code == ExitCode.USAGE
    assert "List the runs with: breakglass-tui --profile night runs" in ran.err
    assert connected == []


def test_the_name_of_a_user_and_a_run_of_the_other_mode_are_recognised(command, connected, left_run):
    left_run("0bad", "create-user")
    assert "This is the name of a user. Its runs: 0bad." in command("undo", "bg-0bad", "--yes").err
    assert "is not a run of the demo" in command("--demo", "resume", "0bad").err
    runs_root(demo=True).mkdir(mode=0o700)
    runs_root(demo=False).joinpath("runs").rename(runs_root(demo=True) / "runs")
    ran = command("resume", "0bad")
    assert "is a run of the demo" in ran.err
    assert "List the runs with: breakglass-tui --demo runs" in ran.err


@pytest.mark.parametrize("words", [("resume",), ("undo", "--yes")])
def test_another_account_is_refused_with_nothing_changed(stopped, command, fake_cloud, words):
    run_id = stopped()
    before = journal_of(run_id).read_bytes()
    fake_cloud.account = replace(fake_cloud.account, caller=replace(fake_cloud.account.caller, account_id="2" * 12))
    ran = command(words[0], run_id, *words[1:])
    assert ran.code == ExitCode.CREDENTIALS
    assert "The credentials belong to account 222222222222" in ran.err
    assert fake_cloud.steps[0].log == []
    assert journal_of(run_id).read_bytes() == before


@pytest.mark.parametrize("words", [("resume",), ("undo", "--yes")])
def test_a_user_that_another_process_works_on_is_not_touched(stopped, command, connected, words):
    run_id = stopped()
    connected.clear()
    with RunStore(runs_root(demo=False)).claim("123456789012", "bg-alice"):
        ran = command(words[0], run_id, *words[1:])
    assert ran.code == ExitCode.ALREADY_RUNNING
    assert f"Process {os.getpid()} on " in ran.err
    assert connected == []


def test_codes_without_a_terminal_are_refused_before_any_call(command, connected, left_run):
    left_run("aa", "create-user", "mfa-device", mfa="authenticator", seal_to=["age1x"])
    ran = command("resume", "aa")
    assert ran.code == ExitCode.USAGE
    assert "needs a terminal" in ran.err
    assert connected == []


def test_a_signal_before_a_resumed_run_starts_changes_nothing_and_names_the_next_command(stopped, command, fake_cloud):
    run_id = stopped()
    before = journal_of(run_id).read_bytes()

    def interrupted():
        signal.raise_signal(signal.SIGHUP)
        raise AssertionError("the signal did not end it")

    fake_cloud.identify = interrupted
    ran = command("resume", run_id, "--json")
    assert ran.code == ExitCode.INCOMPLETE
    assert ran.json["run"]["id"] == run_id
    last = f"Interrupted: nothing was changed. Resume with: breakglass-tui resume {run_id}"
    assert ran.err.splitlines()[-1] == last
    assert journal_of(run_id).read_bytes() == before


def test_a_journal_that_was_changed_is_refused_before_aws_is_asked(stopped, command, connected):
    run_id = stopped()
    connected.clear()
    path = journal_of(run_id)
    path.write_text(path.read_text().replace("AIDA1", "AIDA2"))
    for words in (("resume", run_id), ("undo", run_id, "--yes")):
        ran = command(*words)
        assert ran.code == ExitCode.USAGE
        assert "was changed after it was written" in ran.err
    assert connected == []


def test_undo_shows_what_is_there_removes_it_and_leaves_nothing(stopped, command, fake_cloud):
    run_id = stopped()
    ran = command("undo", run_id, "--yes")
    assert ran.code == ExitCode.DONE
    assert fake_cloud.steps[0].log == ["undo access-key", "undo create-user"]
    listed = ran.err.partition("To be removed, in this order:")[2].partition("\n\n")[0]
    assert listed.splitlines()[1:] == ["  IAM user bg-alice"]  # no request for the access key was sent
    assert f"Done: nothing of run {run_id} is left in AWS." in ran.err
    again = command("undo", run_id)
    assert again.code == ExitCode.DONE
    assert "There was nothing to remove." in again.err


def test_undo_without_a_terminal_needs_yes(stopped, command, connected):
    run_id = stopped()
    connected.clear()
    ran = command("undo", run_id)
    assert ran.code == ExitCode.USAGE
    assert "--yes" in ran.err
    assert connected == []


def test_anything_but_yes_removes_nothing(stopped, command, fake_cloud, monkeypatch):
    run_id = stopped()
    monkeypatch.setattr(Terminal, "attached", lambda self: True)
    monkeypatch.setattr(Terminal, "read_line", lambda self: "no")
    ran = command("undo", run_id)
    assert ran.code == ExitCode.INCOMPLETE
    assert fake_cloud.steps[0].log == []
    assert "Cancelled: nothing was changed." in ran.err
    assert "Remove all of this from account 123456789012 (acme-sandbox)? Type yes" in ran.err


def test_undo_lists_what_it_could_not_remove_with_the_command_that_would(stopped, command, fake_cloud, tmp_path):
    def refuse(context):
        raise Problem("The user is still there.", next="aws iam delete-user --user-name bg-alice", kind=Kind.REFUSED)

    run_id = stopped()
    written = (tmp_path / "out" / "report.json").read_bytes()
    fake_cloud.steps[0].unwork = refuse
    ran = command("undo", run_id, "--yes")
    assert ran.code == ExitCode.INCOMPLETE
    assert "aws iam delete-user --user-name bg-alice" in ran.out
    last = f"Left in AWS: create-user. Continue the removal with: breakglass-tui resume {run_id}"
    assert ran.err.splitlines()[-1].endswith(last)
    document = command("undo", run_id, "--yes", "--json").json
    assert document["run"]["status"] == "incomplete"
    assert (tmp_path / "out" / "report.json").read_bytes() == written
    fake_cloud.steps[0].unwork = None
    resumed = command("resume", run_id)
    assert resumed.code == ExitCode.UNDONE
    assert fake_cloud.steps[0].log[-1] == "undo create-user"


def test_a_run_whose_secrets_nothing_seals_is_resumed_in_the_app_only(command, connected, left_run):
    left_run("aa", "create-user", "access-key", access="programmatic")
    ran = command("resume", "aa")
    assert ran.code == ExitCode.USAGE
    assert "Resume it in the app with: breakglass-tui" in ran.err
    assert connected == []
    listed = command("runs").out
    assert "Resume in the app with: breakglass-tui\n" in listed
    assert "To remove the resources instead: breakglass-tui undo aa\n" in listed


def test_a_run_that_created_nothing_has_nothing_to_resume_or_undo(command, connected, left_run, fake_cloud, fake_step):
    fake_cloud.steps = [fake_step("create-user", observed=ObservedState(Observation.ABSENT))]
    left_run("aa", "create-user", may_exist=0)
    assert command("resume", "aa").code == ExitCode.USAGE
    assert command("undo", "aa").code == ExitCode.DONE


@pytest.mark.parametrize("words", [("resume",), ("undo", "--yes")])
@pytest.mark.parametrize("kind", [Kind.REFUSED, Kind.UNREACHABLE, Kind.CREDENTIALS])
def test_a_run_that_cannot_be_resumed_or_undone_now_is_unchanged_and_names_the_next_command(
    stopped, command, fake_cloud, words, kind
):
    run_id = stopped()

    def refuse():
        raise Problem("AWS refused sts:GetCallerIdentity.", kind=kind)

    fake_cloud.identify = refuse
    ran = command(words[0], run_id, *words[1:], "--json")
    assert ran.code == (ExitCode.CREDENTIALS if kind is Kind.CREDENTIALS else ExitCode.INCOMPLETE)
    assert ran.json["problem"]["kind"] == kind.value
    assert f"resume {run_id}" in ran.err
