"""Places where evidence and envelopes are at risk although no other user can write to them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from breakglass_tui.report import child_program
from breakglass_tui.report.output_risks import copy_risks, loss_risks

SHARED = 0o1777


def risks(path: Path) -> tuple[str, ...]:
    """Create the directory ``path`` and return its risks."""
    path.mkdir(parents=True, exist_ok=True)
    return copy_risks(path)


@pytest.mark.parametrize(
    "folder",
    [
        "Dropbox",
        "Dropbox (Personal)",
        "OneDrive",
        "OneDrive - Example Ltd",
        "Google Drive",
        "GoogleDrive-ops@example.com",
        "iCloudDrive",
        "Library/Mobile Documents/com~apple~CloudDocs",
        "Library/CloudStorage/Box-Box",
        "Nextcloud",
        "ownCloud",
        "pCloudDrive",
    ],
)
def test_a_synchronised_folder_is_a_risk(tmp_path, folder):
    (risk,) = risks(tmp_path / folder / "evidence")
    assert risk.text.endswith("which is copied to a cloud service")


@pytest.mark.parametrize("folder", ["Dropboxes", "my-onedrive", "drive", "cloud", "evidence"])
def test_a_folder_with_a_similar_name_is_none(tmp_path, folder):
    assert risks(tmp_path / folder) == ()


def test_a_link_into_a_synchronised_folder_is_a_risk(tmp_path):
    (tmp_path / "Nextcloud").mkdir()
    (tmp_path / "evidence").symlink_to("Nextcloud")
    assert len(risks(tmp_path / "evidence")) == 1


def test_a_git_work_tree_is_a_risk_until_it_ignores_the_directory(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (risk,) = risks(tmp_path / "evidence")
    assert f"is in the git work tree {tmp_path}, which does not ignore it. Add it to .gitignore" in str(risk)
    (tmp_path / ".gitignore").write_text("evidence/\n")
    assert risks(tmp_path / "evidence") == ()
    assert risks(tmp_path / "evidence" / "export-20261130T081500Z") == ()
    assert len(risks(tmp_path / "other")) == 1


def test_a_linked_work_tree_whose_git_is_a_file_is_a_risk_and_so_is_one_on_a_machine_without_git(tmp_path, monkeypatch):
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    assert len(risks(tmp_path / "evidence")) == 1
    monkeypatch.setattr(child_program.shutil, "which", lambda name: None)
    assert len(risks(tmp_path / "evidence")) == 1


def test_no_program_that_the_repository_names_is_run(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    hook = tmp_path / "hook"
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o700)
    subprocess.run(["git", "-C", tmp_path, "config", "core.fsmonitor", hook], check=True)
    risks(tmp_path / "evidence")
    assert not list(tmp_path.rglob("ran"))


def test_a_directory_below_one_for_all_users_is_a_risk(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(SHARED)
    (shared / "evidence").mkdir()
    (risk,) = loss_risks(shared / "evidence")
    assert str(risk).startswith(f"{shared}/evidence is below the temporary directory {shared}, whose files")


def test_a_directory_of_the_system_for_one_user_is_no_risk():
    assert loss_risks(Path("/usr")) == ()


def test_a_name_that_controls_the_terminal_is_escaped(tmp_path):
    assert "\x1b" not in "".join(map(str, risks(tmp_path / "Nextcloud" / "a\x1b[2J")))
