"""The directory of ``--out``: who can write to it, who else gets its files, and whose name it is."""

from __future__ import annotations

import os
import subprocess

import pytest

from breakglass_tui import directories
from breakglass_tui.domain.exit_codes import ExitCode

NOT_REPLACED = "The shell did not replace "


@pytest.fixture
def validate(ran, bench):
    return lambda: ran("validate", "--user-name", "bg-alice", "--out", bench.out)


@pytest.fixture(params=["apply", "validate"])
def writes(request, ran, bench, validate):
    """Run a command that writes to the directory ``bench.out``."""
    return validate if request.param == "validate" else lambda: ran(*bench.apply)


@pytest.mark.parametrize("mode", [0o770, 0o775, 0o777, 0o1777])
def test_a_directory_that_others_can_write_to_is_refused(writes, bench, mode):
    bench.out.mkdir()
    bench.out.chmod(mode)
    done = writes()
    assert done.code == ExitCode.USAGE
    assert f"Nothing was written to {bench.out}. Other users may write to it." in " ".join(done.err.split())
    assert (f"chmod 700 {bench.out}" in done.err) == (mode != 0o1777)
    assert done.err.splitlines()[-1].endswith("--out NEW_DIR")
    assert list(bench.out.iterdir()) == []


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o2755])
def test_a_directory_that_only_its_owner_can_write_to_is_accepted(writes, bench, mode):
    bench.out.mkdir()
    bench.out.chmod(mode)
    assert writes().code == ExitCode.DONE
    assert (bench.out / "report.json").stat().st_mode & 0o777 == 0o600


def test_a_directory_of_another_user_is_refused(writes, bench, monkeypatch):
    bench.out.mkdir()
    owner = os.geteuid()
    monkeypatch.setattr(directories, "is_shared_by_system", lambda directory: False)
    monkeypatch.setattr(directories.os, "geteuid", lambda: owner + 1000)
    done = writes()
    assert done.code == ExitCode.USAGE
    assert "belongs to another user" in done.err


@pytest.mark.parametrize("given", ["~", "~/evidence", "~nosuchuser/x", "$HOME/x", "${HOME}/x"])
@pytest.mark.parametrize("words", [("apply", "--yes"), ("validate", "--user-name", "bg-alice")])
def test_a_name_that_the_shell_did_not_replace_is_refused(command, connected, tmp_path, monkeypatch, given, words):
    monkeypatch.chdir(tmp_path)
    done = command(*words, f"--out={given}")
    assert done.code == ExitCode.USAGE
    assert f"{NOT_REPLACED}{given.split('/')[0]}." in done.err
    assert connected == []
    assert list(tmp_path.iterdir()) == []


def test_a_directory_of_such_a_name_can_be_given_by_its_absolute_path(ran, bench):
    bench.out = bench.out.with_name("~out")
    assert ran(*bench.apply).code == ExitCode.DONE
    assert (bench.out / "report.json").is_file()


def test_a_git_work_tree_is_a_warning_until_it_ignores_the_directory(validate, bench):
    subprocess.run(["git", "init", "-q", bench.out.parent], check=True)
    done = validate()
    assert done.code == ExitCode.DONE
    assert f"warning: {bench.out} is in the git work tree {bench.out.parent}, which does not ignore it." in done.err
    (bench.out.parent / ".gitignore").write_text("/out\n")
    assert "work tree" not in validate().err


def test_a_directory_below_one_of_all_users_is_a_warning(writes, bench):
    shared = bench.out.with_name("shared")
    shared.mkdir()
    shared.chmod(0o1777)
    bench.out = shared / "out"
    done = writes()
    assert done.code == ExitCode.DONE
    assert f"warning: {bench.out} is below the temporary directory {shared}" in done.err
