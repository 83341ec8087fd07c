from __future__ import annotations

import json

import pytest

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode


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
    assert ran.json["user"] == {"name": "bg-alice", "arn": found["user_arn"], "id": "AIDA1"}


def test_a_request_says_what_to_expect(command, connected, fake_cloud, request_file):
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
