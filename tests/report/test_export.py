from __future__ import annotations

import hashlib
import json
import stat
import subprocess
from dataclasses import replace

import pytest

from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.export import export

NAMES = [
    "report.json", "report.md", "report.html", "runbook.md", "runbook.html", "mutelist.yaml", "SHA256SUMS"
]  # fmt: skip


def test_only_the_owner_can_read_the_files(finished, tmp_path):
    paths = export(finished, tmp_path / "out" / "run")
    assert [path.name for path in paths] == NAMES
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out" / "run").stat().st_mode) == 0o700
    assert json.loads(paths[0].read_text())["run"]["id"] == "00aa11bb22cc33dd"


def test_a_second_export_replaces_the_first(finished, tmp_path):
    export(finished, tmp_path)
    finished.header = None
    export(finished, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text())["run"]["id"] == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)


def test_a_directory_that_cannot_be_created_is_a_problem(finished, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="Cannot write"):
        export(finished, tmp_path / "file")


def test_text_with_a_lone_surrogate_is_written(finished, tmp_path):
    finished.steps["create-user"].detail = "lone \ud800 surrogate"
    paths = export(finished, tmp_path)
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
