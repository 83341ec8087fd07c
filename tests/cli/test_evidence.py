"""What a run and a validation leave as evidence, from the command line and back into it."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pyrage
import pytest
from console import headless
from jsonschema import Draft202012Validator

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.domain.problems import Kind, Problem

SCHEMA = Draft202012Validator(json.loads((files("breakglass_tui.report") / "report.schema.json").read_text()))


@pytest.fixture
def applied(command, connected, request_file, tmp_path):
    def _applied(*more):
        return command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", *more)

    return _applied


def journal_of(document):
    (path,) = Path(os.environ["HOME"]).rglob(f"{document['run']['id']}/journal.jsonl")
    return path


def verified(command, path):
    ran = command("verify", "--json", path)
    return ran.code, {check["id"]: check["status"] for check in ran.json["checks"] if check["id"] != "signature"}


def refuse(context):
    raise Problem("AWS said no.", kind=Kind.REFUSED)


def test_a_run_that_is_done_fits_the_schema_and_verifies(applied, command, tmp_path):
    document = applied("--json").json
    SCHEMA.validate(document)
    path = tmp_path / "out" / "report.json"
    assert document == json.loads(path.read_text())
    last = journal_of(document).read_text().splitlines()[-1]
    assert document["integrity"]["journal_head"] == json.loads(last)["h"]
    code, status = verified(command, path)
    assert (code, set(status.values())) == (ExitCode.DONE, {"pass"})
    ran = command("verify", path)
    assert "PASS  file:runbook.html" in ran.out
    assert "runbook.html is unchanged" in ran.out


def test_a_journal_without_its_last_line_is_found(applied, command, tmp_path):
    journal = journal_of(applied("--json").json)
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert (code, status["journal"]) == (ExitCode.CHECK_FAILED, "fail")
    journal.unlink()
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert (code, status["journal"]) == (ExitCode.DONE, "skip")


def test_a_run_that_continued_after_its_report_is_a_warning(applied, command, tmp_path):
    id = applied("--json").json["run"]["id"]
    undone = command("undo", id, "--yes", "--json").json
    SCHEMA.validate(undone)
    assert undone["run"]["status"] == "undone"
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert (code, status["journal"]) == (ExitCode.DONE, "warn")


def test_a_run_whose_check_or_step_failed_fits_the_schema(applied, fake_cloud, fake_check, fake_step):
    fake_cloud.proofs = [fake_check("access", CheckStatus.FAIL), fake_check("user-exists", raises=ValueError("odd"))]
    SCHEMA.validate(applied("--json").json)
    fake_cloud.steps = [fake_step("create-user"), fake_step("login-profile", frozenset({"create-user"}), work=refuse)]
    ran = applied("--json")
    assert (ran.code, ran.json["run"]["status"]) == (ExitCode.UNDONE, "undone")
    SCHEMA.validate(ran.json)


def test_a_validation_alone_fits_the_schema_and_names_no_journal(command, connected, tmp_path):
    ran = command("validate", "--user-name", "bg-alice", "--json", "--out", tmp_path / "out")
    SCHEMA.validate(ran.json)
    assert ran.json["integrity"]["journal_head"] == ""
    code, status = verified(command, tmp_path / "out" / "report.json")
    assert (code, status.pop("journal")) == (ExitCode.DONE, "skip")
    assert set(status.values()) == {"pass"}
    page = (tmp_path / "out" / "runbook.md").read_text()
    assert "https://123456789012.signin.aws.amazon.com/console" in page
    assert "Envelopes: unknown" in page


def test_what_opens_an_envelope_is_refused_with_a_report(applied, command, tmp_path):
    applied()
    ran = command("verify", tmp_path / "out" / "report.json", "-i", tmp_path / "id.txt")
    assert ran.code == ExitCode.USAGE
    assert "is a report" in ran.err


def test_junit_is_one_document_and_a_failed_check_is_exit_three(command, connected, fake_cloud, fake_check):
    fake_cloud.proofs = [fake_check("user-exists"), fake_check("access", CheckStatus.FAIL)]
    ran = command("validate", "--user-name", "bg-alice", "--junit")
    assert ran.code == ExitCode.CHECK_FAILED
    (suite,) = ET.fromstring(ran.out)
    assert suite.attrib["failures"] == "1"


@pytest.mark.parametrize("form", [(), ("--json",), ("--junit",)])
def test_in_every_form_there_is_one_line_a_check_on_stderr(command, connected, fake_cloud, fake_check, form):
    fake_cloud.proofs = [fake_check("user-exists"), fake_check("access", CheckStatus.FAIL)]
    ran = command("validate", "--user-name", "bg-alice", *form)
    lines = [line for line in ran.err.splitlines() if line.startswith(("PASS", "FAIL", "WARN", "SKIP"))]
    assert sorted(lines) == ["FAIL  access            seen", "PASS  user-exists       seen"]


def test_two_forms_at_once_are_refused(command, connected):
    ran = command("validate", "--user-name", "bg-alice", "--json", "--junit")
    assert (ran.code, connected) == (ExitCode.USAGE, [])


def test_a_demo_run_leaves_evidence_that_other_programs_can_check(tmp_path):
    recipient = pyrage.x25519.Identity.generate().to_public()
    request = tmp_path / "request.toml"
    request.write_text(f'user_name = "bg-night"\nregion = "eu-west-1"\naccess = "both"\nseal_to = ["{recipient}"]\n')
    out = tmp_path / "out"
    ran = headless("--demo", "apply", "--yes", "--request", request, "--out", out, env=dict(os.environ))
    assert ran.returncode == ExitCode.DONE, ran.stderr
    SCHEMA.validate(json.loads((out / "report.json").read_text()))
    summed = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, capture_output=True, text=True, check=False
    )
    assert summed.returncode == 0, summed.stdout
    assert "bg-night.password.age: OK" in summed.stdout
    checked = headless("verify", out / "report.json", env=dict(os.environ))
    assert checked.returncode == ExitCode.DONE, checked.stdout
    assert "PASS  journal" in checked.stdout
    assert "PASS  envelope:bg-night.password.age" in checked.stdout
    runbook = (out / "runbook.md").read_text()
    assert "DEMO" in runbook
    assert "age -d -i ID1.txt ./bg-night.password.age" in runbook
    assert "AWS_ACCESS_KEY_ID=AKIA" in runbook


def test_a_run_that_starts_no_step_leaves_the_report_of_another_run(applied, fake_cloud, tmp_path, fake_check):
    out = tmp_path / "out"
    assert applied().code == ExitCode.DONE
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    fake_cloud.looks = [fake_check("quotas", CheckStatus.FAIL)]
    ran = applied()
    assert ran.code == ExitCode.UNDONE
    assert f"{out} has an earlier report, which is unchanged." in ran.err
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    (report,) = out.glob("export-*/report.json")
    assert json.loads(report.read_text())["run"]["status"] == "undone"


def test_after_a_run_that_started_no_step_the_next_one_has_the_directory(applied, fake_cloud, tmp_path, fake_check):
    looks, fake_cloud.looks = fake_cloud.looks, [fake_check("quotas", CheckStatus.FAIL)]
    assert applied().code == ExitCode.UNDONE
    refused = (tmp_path / "out" / "report.json").read_bytes()
    fake_cloud.looks = looks
    document = applied("--json").json
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == document
    (earlier,) = (tmp_path / "out").glob("export-*/report.json")
    assert earlier.read_bytes() == refused
