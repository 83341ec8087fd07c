from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breakglass_tui.domain.checks import CheckStatus, Verdict
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.verdict_store import VerdictStore
from breakglass_tui.settings import runs_root


def test_a_validation_prints_its_verdict_and_writes_nothing(command, connected, fake_cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    ran = command("validate", "--user-name", "bg-alice")
    assert ran.code == ExitCode.DONE
    assert ran.out.startswith("READY\n")
    assert fake_cloud.subjects[0].user_name == "bg-alice"
    assert fake_cloud.subjects[0].request is None
    assert not (tmp_path / "data").exists()


def test_a_failed_check_is_exit_three(command, connected, fake_cloud, fake_check):
    fake_cloud.proofs = [fake_check("user-exists", CheckStatus.FAIL), fake_check("access")]
    ran = command("validate", "--user-name", "bg-alice")
    assert ran.code == ExitCode.CHECK_FAILED
    assert "FAIL  user-exists" in ran.out


def test_a_validation_has_a_record_of_its_own(command, connected, tmp_path):
    ran = command("validate", "--user-name", "bg-alice", "--json", "--out", tmp_path / "out")
    assert ran.json == json.loads((tmp_path / "out" / "report.json").read_text())
    assert len(ran.json["run"]["id"]) == 16
    assert ran.json["run"]["status"] == "done"
    assert ran.json["steps"] == []
    assert ran.json["user"]["name"] == "bg-alice"


def test_a_validation_names_the_user_it_found(command, connected, fake_cloud, fake_check):
    found = {"user_arn": "arn:aws:iam::123456789012:user/breakglass/bg-alice", "user_id": "AIDA1"}
    fake_cloud.proofs = [fake_check("user-exists", facts=found)]
    ran = command("validate", "--user-name", "bg-alice", "--json")
    assert ran.json["user"] == {"name": "bg-alice", "arn": found["user_arn"], "id": "AIDA1", "accepted_devices": []}


def test_a_request_sets_what_to_expect(command, connected, fake_cloud, request_file):
    assert command("validate", "--user-name", "bg-alice", "--request", request_file).code == ExitCode.DONE
    assert fake_cloud.subjects[0].request.seal_to == ("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",)


def test_a_request_for_another_user_is_refused(command, connected, request_file):
    ran = command("validate", "--user-name", "bg-bob", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "the request is for bg-alice, not for bg-bob" in ran.err
    assert connected == []


@pytest.mark.parametrize("name", ["", "two words", "x" * 65, "\x1b[31m", "ü"])
def test_a_name_that_no_user_can_have_is_refused(command, connected, name):
    ran = command("validate", "--user-name", name)
    assert ran.code == ExitCode.USAGE
    assert "--user-name" in ran.err
    assert "\x1b" not in ran.err
    assert connected == []


def test_a_directory_that_cannot_be_written_is_refused_first(command, connected, tmp_path):
    (tmp_path / "file").write_text("")
    ran = command("validate", "--user-name", "bg", "--out", tmp_path / "file")
    assert ran.code == ExitCode.USAGE
    assert connected == []


def test_validate_needs_a_user_name(command):
    assert command("validate").code == ExitCode.USAGE


@pytest.fixture
def applied(command, connected, fake_cloud, fake_step, request_file, tmp_path):
    """Create ``bg-alice`` with a run on this machine, and return the path of its journal."""
    kept = (EnvelopeInfo(str(tmp_path / "bg.password.age"), ("password",), ("age",), "00"),)
    fake_cloud.steps = [
        fake_step("create-user", work=lambda context: StepOutcome("made", {"user_id": "AIDA1"}, envelopes=kept))
    ]
    ran = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", "--json")
    fake_cloud.subjects.clear()
    return runs_root(demo=False) / "runs" / ran.json["run"]["id"] / "journal.jsonl"


def test_a_user_of_a_run_on_this_machine_is_compared_with_that_run(command, applied, fake_cloud):
    ran = command("validate", "--user-name", "bg-alice", "--json")
    (subject,) = fake_cloud.subjects
    assert (subject.request.region, subject.user_id, len(subject.envelopes)) == ("eu-west-1", "AIDA1", 1)
    assert subject.vault is None
    assert f"The user is compared with run {applied.parent.name} of " in ran.err
    assert (ran.code, ran.json["request"]) == (ExitCode.DONE, subject.request.as_json())
    assert [Path(envelope["path"]).name for envelope in ran.json["envelopes"]] == ["bg.password.age"]
    assert ran.json["user"]["id"] == ""
    command("validate", "--user-name", "bg-bob")
    assert fake_cloud.subjects[-1].request is None


def test_a_request_given_wins_over_that_of_the_run(command, applied, fake_cloud, request_file):
    request_file.write_text('region = "eu-west-3"\nuser_name = "bg-alice"\n')
    command("validate", "--user-name", "bg-alice", "--request", request_file)
    (subject,) = fake_cloud.subjects
    assert (subject.request.region, subject.account.region, subject.user_id) == ("eu-west-3", "eu-west-3", "AIDA1")


def test_a_damaged_journal_is_reported_and_does_not_stop_a_validation(command, applied, fake_cloud):
    applied.write_bytes(applied.read_bytes().replace(b"AIDA1", b"AIDA2"))
    ran = command("validate", "--user-name", "bg-alice")
    assert ran.code == ExitCode.DONE
    assert fake_cloud.subjects[0].request is None
    assert "The validation continues without it." in ran.err


def test_the_verdict_is_saved_for_the_start_screen(command, connected, fake_cloud, fake_check, applied):
    store = VerdictStore(runs_root(demo=False))
    assert store.of_account("123456789012", datetime.now(UTC), Place.AWS)["bg-alice"].verdict is Verdict.READY
    fake_cloud.proofs = [fake_check("user-exists", CheckStatus.FAIL)]
    assert command("validate", "--user-name", "bg-alice").code == ExitCode.CHECK_FAILED
    assert store.of_account("123456789012", datetime.now(UTC), Place.AWS)["bg-alice"].verdict is Verdict.NOT_READY


def test_a_verdict_that_cannot_be_saved_is_reported_and_changes_nothing(command, connected):
    runs_root(demo=False).mkdir(parents=True)
    (runs_root(demo=False) / "proofs").write_text("in the way")
    ran = command("validate", "--user-name", "bg-alice")
    assert ran.code == ExitCode.DONE
    assert "in the way" not in ran.err
    assert str(runs_root(demo=False) / "proofs") in ran.err
