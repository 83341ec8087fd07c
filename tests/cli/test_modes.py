"""With any umask, other users can neither read nor write the files of a run."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pyrage
import pytest
from console import headless

from breakglass_tui.domain.exit_codes import ExitCode


@pytest.fixture
def request_file(tmp_path):
    recipient = pyrage.x25519.Identity.generate().to_public()
    path = tmp_path / "request.toml"
    path.write_text(f'user_name = "bg-night"\nregion = "eu-west-1"\naccess = "both"\nseal_to = ["{recipient}"]\n')
    return path


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_all_that_a_run_leaves_is_for_its_user_only(tmp_path, request_file, umask):
    out = tmp_path / "new" / "out"
    arguments = ("--demo", "apply", "--yes", "--request", request_file, "--out", out)
    ran = headless(*arguments, env=dict(os.environ), umask=umask)
    assert ran.returncode == ExitCode.DONE, ran.stderr
    made = [
        path for root in (tmp_path / "new", Path(os.environ["HOME"]) / ".local") for path in (root, *root.rglob("*"))
    ]
    names = {path.name for path in made}
    assert {"report.json", "bg-night.password.age", "journal.jsonl", "breakglass-tui.log"} <= names
    modes = {str(path): stat.S_IMODE(path.lstat().st_mode) for path in made}
    assert modes == {str(path): 0o700 if path.is_dir() else 0o600 for path in made}


def test_a_state_directory_open_to_others_prevents_a_run(tmp_path, request_file):
    state = Path(os.environ["HOME"]) / ".local" / "state" / "breakglass-tui" / "demo"
    state.mkdir(parents=True)
    state.chmod(0o777)
    ran = headless("--demo", "apply", "--yes", "--request", request_file, "--out", tmp_path / "out")
    assert ran.returncode == ExitCode.USAGE, ran.stderr
    assert f"chmod 700 {state}" in ran.stderr
    assert not (tmp_path / "out").exists()
