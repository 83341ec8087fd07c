"""After an undo, the directory of the run has a new report which says that the user is gone."""

from __future__ import annotations

import json

import envelope_kit as kit
import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.age_seal import age_seals
from breakglass_tui.secrets.secret import Secret


@pytest.fixture
def applied(command, connected, request_file, tmp_path):
    return command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", "--json").json


@pytest.fixture
def genuine_run(command, connected, fake_cloud, fake_step, request_file, tmp_path):
    """Return the id of a run that sealed a password, its directory, and the path of its envelope."""
    alice = kit.custodian(tmp_path, "alice")

    def seal(_):
        secret = {"password": Secret(kit.PASSWORD)}
        envelopes = fake_cloud.setups[-1].envelopes
        return StepOutcome(
            envelopes=envelopes.write("password", secret, age_seals([alice.recipient], 1), user_name="bg-alice")
        )

    fake_cloud.steps = [fake_step("login-profile", work=seal)]
    document = command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", "--json").json
    return document["run"]["id"], tmp_path / "out", tmp_path / "out" / document["envelopes"][0]["path"]


def test_an_undo_writes_a_new_report_and_changes_no_other(applied, command, tmp_path):
    directory = tmp_path / "out"
    before = {path: path.read_bytes() for path in directory.iterdir() if path.is_file()}
    ran = command("undo", applied["run"]["id"], "--yes")

    assert ran.code == ExitCode.DONE
    assert {path: path.read_bytes() for path in before} == before
    (report,) = directory.glob("export-*/report.json")
    document = json.loads(report.read_text())
    assert (document["run"]["id"], document["run"]["status"]) == (applied["run"]["id"], "undone")
    assert document["readiness"]["verdict"] == "not-ready"
    gone = "The user and everything else that the run created were removed."
    assert gone in (report.parent / "report.md").read_text().split("## ")[0]
    assert gone in (report.parent / "runbook.md").read_text().split("## ")[1]
    assert f"{directory} has an earlier report, which is unchanged." in ran.err


def test_an_undo_without_a_report_writes_none(applied, command, tmp_path):
    directory = tmp_path / "out"
    for path in directory.iterdir():
        path.unlink()
    assert command("undo", applied["run"]["id"], "--yes").code == ExitCode.DONE
    assert list(directory.iterdir()) == []


def test_verify_accepts_the_report_of_the_undo_and_explains_the_older_one(command, genuine_run, tmp_path):
    run, out, envelope = genuine_run
    assert command("undo", run, "--yes").code == ExitCode.DONE
    envelope.unlink()
    (later,) = out.glob("export-*/report.json")
    ran = command("verify", "--json", later)
    assert ran.code == ExitCode.DONE
    assert {check["id"]: check["status"] for check in ran.json["checks"]}["journal:verdict"] == "pass"
    ran = command("verify", "--json", out / "report.json")
    found = {check["id"]: check for check in ran.json["checks"]}
    removed = found[f"envelope:{envelope.name}"]
    assert (ran.code, removed["status"], found["journal"]["status"]) == (ExitCode.DONE, "warn", "warn")
    assert f"{envelope.name} was removed by the undo at " in removed["found"]
    for check in (removed, found["journal"]):
        assert "Verify the report of the undo" in check["remedy"]


@pytest.mark.parametrize("forged", ["verdict", "status"])
def test_a_report_of_an_undo_that_claims_a_validation_fails(command, genuine_run, forged):
    run, out, _ = genuine_run
    command("undo", run, "--yes")
    (later,) = out.glob("export-*/report.json")
    document = json.loads(later.read_text())
    if forged == "verdict":
        document["readiness"]["verdict"] = "ready"
    else:
        document["checks"][0]["status"] = "pass"
    later.write_text(json.dumps(document))
    found = {check["id"]: check["status"] for check in command("verify", "--json", later).json["checks"]}
    assert found["journal:verdict"] == "fail"
