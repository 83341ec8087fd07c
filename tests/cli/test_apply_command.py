from __future__ import annotations

import json
import stat

import pytest

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.plan import StepOutcome

REFUSED = Problem("AWS refused iam:CreateUser.", next="Ask for it.", kind=Kind.REFUSED)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


EVIDENCE = [
    "SHA256SUMS",
    "mutelist.yaml",
    "report.html",
    "report.json",
    "report.md",
    "runbook.html",
    "runbook.md",
]


@pytest.fixture
def applied(command, connected, request_file, out):
    def _applied(*more):
        return command("apply", "--yes", "--request", request_file, "--out", out, *more)

    return _applied


def test_a_good_run_ends_in_a_report_and_zero(applied, out, fake_cloud):
    ran = applied()
    assert ran.code == ExitCode.DONE
    assert fake_cloud.steps[0].log == ["apply create-user"]
    assert ran.out.startswith("READY\n")
    assert sorted(path.name for path in out.iterdir()) == EVIDENCE
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert "create-user       DONE" in ran.err


def test_with_json_stdout_is_the_same_document_as_the_file(applied, out):
    ran = applied("--json")
    assert ran.json == json.loads((out / "report.json").read_text())
    assert ran.json["run"]["status"] == "done"
    assert [check["id"] for check in ran.json["checks"]] == ["user-exists", "inline-policy", "access", "mfa-devices"]


def test_validation_learns_what_the_run_learned(applied, fake_cloud, fake_step):
    facts = {"user_id": "AIDA1", "access_key_id": "AKIA1"}
    fake_cloud.steps = [fake_step("create-user", work=lambda context: StepOutcome(facts=facts))]
    applied()
    assert (fake_cloud.subjects[0].user_id, fake_cloud.subjects[0].access_key_id) == ("AIDA1", "AKIA1")


def test_a_failed_check_is_exit_three(applied, fake_cloud, fake_check):
    fake_cloud.proofs = [fake_check("access", CheckStatus.FAIL)]
    ran = applied()
    assert ran.code == ExitCode.CHECK_FAILED
    assert "NOT READY" in ran.out
    assert "mend it" in ran.out


def test_a_step_that_fails_is_undone_and_exit_five(applied, fake_cloud, fake_step, out):
    def refuse(context):
        raise REFUSED

    fake_cloud.steps = [fake_step("create-user", work=refuse)]
    ran = applied()
    assert ran.code == ExitCode.UNDONE
    assert fake_cloud.steps[0].log == ["apply create-user", "undo create-user"]
    assert "AWS refused iam:CreateUser." in ran.err
    assert fake_cloud.subjects == []
    report = json.loads((out / "report.json").read_text())
    assert report["run"]["status"] == "undone"
    assert [check["status"] for check in report["checks"]] == ["skip"] * 4


def test_resources_that_are_left_are_exit_six_and_named(applied, fake_cloud, fake_step):
    def refuse(context):
        raise REFUSED

    fake_cloud.steps = [fake_step("create-user", work=refuse, unwork=refuse)]
    ran = applied()
    assert ran.code == ExitCode.INCOMPLETE
    assert "Left in AWS:" in ran.out


def test_a_failed_preflight_check_is_exit_five_with_nothing_written(applied, fake_cloud, fake_check):
    fake_cloud.looks = [fake_check("seal-works", CheckStatus.FAIL)]
    assert applied().code == ExitCode.UNDONE
    assert fake_cloud.steps[0].log == []


def test_without_a_seal_there_is_no_call_to_aws(command, connected, tmp_path):
    path = tmp_path / "r.toml"
    path.write_text('region = "eu-west-1"\nuser_name = "bg"\n')
    ran = command("apply", "--yes", "--request", path)
    assert ran.code == ExitCode.USAGE
    assert "breakglass-tui: seal_to: give kms_key_id or seal_to" in ran.err
    assert connected == []


def test_an_authenticator_needs_a_terminal(command, connected, request_file):
    request_file.write_text(request_file.read_text() + 'mfa = "authenticator"\n')
    ran = command("apply", "--yes", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "breakglass-tui: mfa: authenticator needs a terminal" in ran.err
    assert connected == []


def test_without_yes_and_without_a_terminal_the_option_is_named(command, connected, request_file):
    ran = command("apply", "--request", request_file)
    assert ran.code == ExitCode.USAGE
    assert "--yes" in ran.err
    assert connected == []


def test_an_unwritable_directory_ends_before_any_call(command, connected, request_file, tmp_path):
    (tmp_path / "file").write_text("")
    ran = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "file")
    assert ran.code == ExitCode.USAGE
    assert "Cannot write" in ran.err
    assert connected == []


def test_a_request_that_is_refused_leaves_no_directory_behind(command, connected, request_file, out):
    request_file.write_text(request_file.read_text().replace("bg-alice", "ops-admin"))
    assert command("apply", "--yes", "--request", request_file, "--out", out).code == ExitCode.USAGE
    assert not out.exists()


@pytest.mark.parametrize("error", [Problem("Cannot write to report.json.", kind=Kind.LOCAL), ValueError("odd")])
def test_a_report_that_cannot_be_written_does_not_hide_the_result(applied, monkeypatch, error):
    def full(*given, **named):
        raise error

    monkeypatch.setattr("breakglass_tui.cli.execution.export", full)
    ran = applied("--json")
    assert ran.code == ExitCode.UNEXPECTED
    assert ran.json["run"]["status"] == "done"


def test_a_reader_of_stderr_that_went_away_does_not_stop_the_run(applied, monkeypatch, fake_cloud):
    class Gone:
        encoding = "utf-8"

        def isatty(self):
            return False

        def write(self, text):
            raise BrokenPipeError

        flush = write

    monkeypatch.setattr("sys.stderr", Gone())
    assert applied().code == ExitCode.DONE
    assert fake_cloud.steps[0].log == ["apply create-user"]


def test_the_vault_is_empty_afterwards(applied, fake_cloud):
    applied()
    assert fake_cloud.setups[0].vault._secrets == {}


def test_without_out_the_report_goes_below_the_data_directory(command, connected, request_file, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert command("apply", "--yes", "--request", request_file).code == ExitCode.DONE
    (report,) = (tmp_path / "data" / "breakglass-tui" / "reports").glob("*-bg-alice/report.json")
    assert json.loads(report.read_text())["user"]["name"] == "bg-alice"
