from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.export import export
from breakglass_tui.report.journal_comparison import JournalEvidence
from breakglass_tui.report.report_checks import report_checks
from breakglass_tui.report.report_file import read_report
from breakglass_tui.secrets.envelope_files import write_private

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NAMES = [
    "report.json", "report.md", "report.html", "runbook.md", "runbook.html", "mutelist.yaml", "SHA256SUMS"
]  # fmt: skip


def test_only_the_owner_can_read_the_files(finished, tmp_path):
    paths = export(finished, tmp_path / "out" / "run").paths
    assert [path.name for path in paths] == NAMES
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out" / "run").stat().st_mode) == 0o700
    assert json.loads(paths[0].read_text())["run"]["id"] == "00aa11bb22cc33dd"


@pytest.fixture
def content():
    """Return a function that returns the content of all files below a directory, by path."""

    def _content(directory):
        paths = (path for path in directory.rglob("*") if path.is_file())
        return {str(path.relative_to(directory)): path.read_bytes() for path in paths}

    return _content


def test_later_evidence_goes_to_a_directory_of_its_own_and_leaves_the_earlier_as_it_is(finished, tmp_path, content):
    export(finished, tmp_path)
    before = content(tmp_path)
    finished.header = None
    later = export(finished, tmp_path, now=NOW)
    new = tmp_path / "export-20261122T090000Z"
    assert (later.earlier, {path.parent for path in later.paths}) == (tmp_path, {new})
    assert json.loads((new / "report.json").read_text()) == later.document
    assert later.document["run"]["id"] == ""
    assert {name: each for name, each in content(tmp_path).items() if "/" not in name} == before
    third = replace(finished.checks["access"], found="another")
    finished.checks["access"] = third
    assert export(finished, tmp_path, now=NOW).paths[0].parent.name == "export-20261122T090000Z-002"


def test_the_evidence_of_a_stopped_run_moves_aside_when_the_run_ends_and_still_verifies(finished, tmp_path, content):
    sealed = tmp_path / "bg-alice.access-key.1+2.age"
    sealed.write_bytes(b"sealed")
    finished.envelopes[0] = replace(finished.envelopes[0], sha256=hashlib.sha256(b"sealed").hexdigest())
    finished.status = RunStatus.INCOMPLETE
    export(finished, tmp_path)
    (tmp_path / "SHA256SUMS.sig").write_text("a signature")
    before = content(tmp_path)
    finished.status = RunStatus.DONE
    later, moved = export(finished, tmp_path, now=NOW), tmp_path / "export-20261122T090000Z"
    assert (later.earlier, {path.parent for path in later.paths}) == (moved, {tmp_path})
    assert content(moved) == {name: each for name, each in before.items() if name != sealed.name}
    assert not (tmp_path / "SHA256SUMS.sig").exists()
    checks = report_checks(read_report(moved / "report.json"), JournalEvidence())
    assert {check.status for check in checks if check.id.startswith(("file:", "envelope:"))} == {CheckStatus.PASS}


def test_the_evidence_of_another_run_that_was_stopped_stays(finished, tmp_path):
    finished.status = RunStatus.INCOMPLETE
    export(finished, tmp_path)
    finished.header = replace(finished.header, id="another")
    finished.status = RunStatus.DONE
    assert export(finished, tmp_path, now=NOW).earlier == tmp_path


def test_the_same_evidence_is_written_once(finished, tmp_path, content):
    export(finished, tmp_path)
    finished.header = None
    export(finished, tmp_path, now=NOW)
    before = content(tmp_path)
    again = export(finished, tmp_path, now=NOW)
    assert again.paths[0].parent == tmp_path / "export-20261122T090000Z"
    assert content(tmp_path) == before


def test_an_export_that_failed_in_the_middle_is_completed(finished, tmp_path, monkeypatch):
    written = []

    def fill(path, content):
        if len(written) == 2:
            raise Problem("The disk is full.")
        written.append(path)
        write_private(path, content)

    with monkeypatch.context() as patch:
        patch.setattr("breakglass_tui.report.export.write_private", fill)
        with pytest.raises(Problem):
            export(finished, tmp_path)
    assert export(finished, tmp_path).earlier is None
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("kind", ["symlink", "fifo"])
def test_what_is_no_file_of_this_evidence_is_neither_followed_nor_replaced(finished, tmp_path, kind):
    path, outside = tmp_path / "out" / "report.json", tmp_path / "outside"
    path.parent.mkdir()
    outside.write_text("kept")
    path.symlink_to(outside) if kind == "symlink" else os.mkfifo(path)
    assert export(finished, path.parent).earlier == path.parent
    assert outside.read_text() == "kept"


def test_later_evidence_lists_the_envelopes_above_it(finished, tmp_path):
    (tmp_path / "bg-alice.access-key.1+2.age").write_bytes(b"sealed")
    finished.envelopes[0] = replace(finished.envelopes[0], sha256=hashlib.sha256(b"sealed").hexdigest())
    export(finished, tmp_path)
    finished.header = None
    later = export(finished, tmp_path)
    assert later.document["envelopes"][0]["path"] == "../bg-alice.access-key.1+2.age"
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    ran = subprocess.run(command, cwd=later.paths[0].parent, capture_output=True, text=True, timeout=30, check=False)
    assert "../bg-alice.access-key.1+2.age: OK" in ran.stdout


def test_a_directory_that_cannot_be_created_is_a_problem(finished, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="Cannot write"):
        export(finished, tmp_path / "file")


def test_text_with_a_lone_surrogate_is_written(finished, tmp_path):
    finished.steps["create-user"].detail = "lone \ud800 surrogate"
    paths = export(finished, tmp_path).paths
    assert r"lone \ud800 surrogate" in paths[2].read_text()


def test_the_report_has_the_hashes_of_the_other_files_and_the_head_of_the_journal(finished, tmp_path):
    export(finished, tmp_path, "ab" * 32)
    integrity = json.loads((tmp_path / "report.json").read_text())["integrity"]
    assert integrity["journal_head"] == "ab" * 32
    assert sorted(integrity["files"]) == sorted(set(NAMES) - {"report.json", "SHA256SUMS"})
    for name, digest in integrity["files"].items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    assert "ab" * 32 in (tmp_path / "report.md").read_text()


@pytest.fixture
def summed(finished, tmp_path):
    """Return a function that runs sha256sum in a directory with a report and the envelope that it names."""
    sealed = tmp_path / "bg-alice.access-key.1+2.age"
    sealed.write_bytes(b"sealed")
    finished.envelopes[0] = replace(finished.envelopes[0], sha256=hashlib.sha256(b"sealed").hexdigest())
    export(finished, tmp_path)

    def _summed():
        command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)

    return _summed


def test_sha256sum_accepts_unchanged_files(summed, tmp_path):
    assert (summed().returncode, summed().stdout) == (0, "")
    listed = [line.split("  ")[1] for line in (tmp_path / "SHA256SUMS").read_text().splitlines()]
    assert sorted(listed) == sorted({*NAMES, "bg-alice.access-key.1+2.age"} - {"SHA256SUMS"})


@pytest.mark.parametrize("name", ["report.json", "runbook.html", "bg-alice.access-key.1+2.age"])
def test_sha256sum_finds_a_changed_file(summed, tmp_path, name):
    with (tmp_path / name).open("ab") as file:
        file.write(b" ")
    assert summed().returncode == 1
    assert f"{name}: FAILED" in summed().stdout


def test_an_envelope_in_another_directory_is_only_in_the_report(finished, tmp_path):
    out = tmp_path / "out"
    export(finished, out)
    assert "bg-alice.access-key" not in (out / "SHA256SUMS").read_text()
    assert json.loads((out / "report.json").read_text())["envelopes"][0]["path"].startswith("/")
