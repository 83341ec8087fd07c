from __future__ import annotations

import json
import stat

import pytest

from breakglass_tui.domain.problems import Problem
from breakglass_tui.report.export import export


def test_three_files_for_their_owner_only(finished, tmp_path):
    paths = export(finished, tmp_path / "out" / "run")
    assert [path.name for path in paths] == ["report.json", "report.md", "report.html"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert stat.S_IMODE((tmp_path / "out" / "run").stat().st_mode) == 0o700
    assert json.loads(paths[0].read_text())["run"]["id"] == "00aa11bb22cc33dd"


def test_a_second_export_replaces_the_first(finished, tmp_path):
    export(finished, tmp_path)
    finished.header = None
    export(finished, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text())["run"]["id"] == ""
    assert len(list(tmp_path.iterdir())) == 3


def test_a_directory_that_cannot_be_made_is_a_problem(finished, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="Cannot write"):
        export(finished, tmp_path / "file")


def test_text_that_is_no_unicode_is_written_all_the_same(finished, tmp_path):
    finished.steps["create-user"].detail = "lone \ud800 surrogate"
    paths = export(finished, tmp_path)
    assert r"lone \ud800 surrogate" in paths[2].read_text()
