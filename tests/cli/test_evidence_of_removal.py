"""After an undo, the directory of the run has a new report which says that the user is gone."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.domain.exit_codes import ExitCode


@pytest.fixture
def applied(command, connected, request_file, tmp_path):
    return command("apply", "--yes", "--request", request_file, "--out", tmp_path / "out", "--json").json


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
