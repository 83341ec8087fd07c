from __future__ import annotations

import json

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.report.report_document import report_document
from breakglass_tui.report.schema import flaws

CALL = {"operation", "request_id", "elapsed_ms", "attempts"}


def test_the_document_has_every_published_field(finished, tmp_path):
    document = json.loads(json.dumps(report_document(finished, tmp_path)))
    assert set(document) == {
        "schema_version", "run", "request", "user", "steps", "checks", "readiness", "envelopes",
        "compliance", "integrity",
    }  # fmt: skip
    assert document["schema_version"] == 2
    assert set(document["run"]) == {
        "id", "status", "started_at", "finished_at", "account_id", "caller_arn", "region", "demo",
        "endpoint", "emulator",
    }  # fmt: skip
    assert all({"id", "title", "status", "elapsed_ms", "calls"} <= set(step) for step in document["steps"])
    assert all(
        {"id", "title", "status", "expected", "found", "remedy", "calls"} <= set(check) for check in document["checks"]
    )
    assert all(set(call) >= CALL for owner in document["steps"] + document["checks"] for call in owner["calls"])


def test_the_document_records_the_run(finished, tmp_path):
    document = report_document(finished, tmp_path)
    assert document["run"]["started_at"] == "2026-11-22T09:00:00.000+00:00"
    assert document["run"]["status"] == "done"
    arn = "arn:aws:iam::123456789012:user/breakglass/bg-alice"
    assert document["user"] == {"name": "bg-alice", "arn": arn, "id": "AIDA1", "accepted_devices": []}
    assert [step["status"] for step in document["steps"]] == ["done", "done", "unchanged"]
    assert document["readiness"] == {
        "verdict": "needs-control-plane",
        "reasons": [
            {
                "kind": "step",
                "check": document["checks"][3]["id"],
                "text": "the temporary password must still be changed",
                "clear": document["checks"][3]["remedy"],
            }
        ],
        "risks": [],
    }
    assert document["checks"][2]["calls"][0]["request_id"] == "req-9"
    (envelope,) = document["envelopes"]
    assert envelope["path"] == "bg-alice.access-key.1+2.age"
    assert (envelope["contents"], envelope["seals"], envelope["sha256"]) == (["access-key"], ["age"], "ab" * 32)
    assert (envelope["custodians"][0], envelope["needs"]) == ("age1custodian", 2)


def test_an_envelope_outside_the_directory_has_its_absolute_path(finished, tmp_path):
    path = report_document(finished, tmp_path / "elsewhere")["envelopes"][0]["path"]
    assert path == str(tmp_path / "bg-alice.access-key.1+2.age")


def test_an_interrupted_run_has_only_published_values(interrupted):
    document = report_document(interrupted)
    assert [step["status"] for step in document["steps"]] == ["done", "failed", "skipped"]
    assert document["run"]["finished_at"] is None
    assert document["readiness"] == {
        "verdict": "not-ready",
        "reasons": [
            {
                "kind": "not-proven",
                "check": "",
                "text": "Not all checks have run yet.",
                "clear": "Run the validation.",
            }
        ],
        "risks": [],
    }
    published = {"done", "unchanged", "failed", "skipped", "undone", "cancelled"}
    for status in e.StepStatus:
        interrupted.steps["access-key"].status = status
        assert report_document(interrupted)["steps"][1]["status"] in published


def test_the_four_mission_checks_are_present_even_if_none_was_run(interrupted):
    checks = report_document(interrupted)["checks"]
    assert [check["id"] for check in checks] == ["user-exists", "inline-policy", "access", "mfa-devices"]
    assert {check["status"] for check in checks} == {"skip"}
    assert all(check["title"] and check["found"] for check in checks)


def test_an_empty_record_has_a_document():
    assert json.dumps(report_document(RunRecord()))


def test_every_check_names_its_controls_and_every_control_has_a_status(finished):
    document = report_document(finished, journal_head="ab" * 32)
    assert "CIS AWS 5.0 1.9" in document["checks"][3]["controls"]
    assert set(document["compliance"][0]) == {"standard", "id", "title", "standing", "text"}
    standings = {(one["standard"], one["id"]): one["standing"] for one in document["compliance"]}
    assert standings["AWS FSBP", "IAM.2"] == "expected-exception"
    assert standings["AWS FSBP", "IAM.5"] == "not-met"
    assert standings["AWS FSBP", "IAM.7"] == "unknown"
    assert document["integrity"] == {"journal_head": "ab" * 32, "files": {}}


def test_lone_surrogates_are_escaped(finished):
    finished.steps["create-user"].detail = "lone \ud800 surrogate"
    assert report_document(finished)["steps"][0]["detail"] == r"lone \ud800 surrogate"


def test_the_accepted_devices_of_the_user_are_listed_with_time_and_operator(finished, history):
    assert report_document(finished)["user"]["accepted_devices"] == []
    document = report_document(finished, history=history)
    first, second = document["user"]["accepted_devices"]
    assert first["serial"].startswith("arn:aws:iam::123456789012:mfa/")
    assert first["accepted_by"].startswith("arn:aws:iam::1:user/")
    assert second == {
        "serial": "GAHT12345678",
        "accepted_at": "2026-11-22T09:00:00.000+00:00",
        "accepted_by": None,
    }
    assert flaws(document) == ()


def test_a_report_of_a_release_without_accepted_devices_is_still_valid(finished):
    document = report_document(finished)
    del document["user"]["accepted_devices"]
    assert flaws(document) == ()


@pytest.mark.parametrize("spoiled", [{"serial": None}, {"accepted_at": "yesterday"}, {"accepted_by": 1}])
def test_an_accepted_device_of_another_form_is_a_flaw(finished, history, spoiled):
    document = report_document(finished, history=history)
    document["user"]["accepted_devices"][1] |= spoiled
    assert flaws(document)
