"""Directories that are safe for journals: no other user can write to them or replace them."""

from __future__ import annotations

import os
import stat

import pytest

from breakglass_tui import directories
from breakglass_tui.directories import flaw_of, make_private, write_probe


@pytest.fixture
def place(tmp_path):
    """A private directory below another."""
    directory = tmp_path / "above" / "state"
    directory.mkdir(parents=True, mode=0o700)
    directory.chmod(0o700)
    return directory


@pytest.fixture
def other_user(monkeypatch):
    """Let this process run as a user who owns none of the directories."""
    real = os.geteuid()
    monkeypatch.setattr(directories.os, "geteuid", lambda: real + 1000)


def owned_by_other_user(monkeypatch, *paths):
    """Let ``paths`` belong to user 4711, and this process run as a user who is not root."""
    real_stat, own = type(paths[0]).stat, os.geteuid() or 1000

    def stat_of(path, *, follow_symlinks=True):
        found = real_stat(path, follow_symlinks=follow_symlinks)
        owner = 4711 if path in paths else own if found.st_uid == os.getuid() else found.st_uid
        return os.stat_result((*found[:4], owner, *found[5:10]))

    monkeypatch.setattr(type(paths[0]), "stat", stat_of)
    monkeypatch.setattr(directories.os, "geteuid", lambda: own)


def test_a_private_directory_is_safe(place):
    assert flaw_of(place) is None


def test_a_directory_that_others_can_only_read_is_not_refused(place):
    place.chmod(0o755)
    assert flaw_of(place) is None


@pytest.mark.parametrize("mode", [0o720, 0o770, 0o702, 0o777, 0o1777])
def test_a_directory_that_others_can_write_to_is_refused_and_the_remedy_works(place, mode):
    place.chmod(mode)
    flaw = flaw_of(place)
    assert (flaw.path, flaw.remedy) == (place, "chmod 700")
    place.chmod(0o700)
    assert flaw_of(place) is None


def test_a_directory_of_another_user_is_refused(place, other_user):
    flaw = flaw_of(place)
    assert flaw.path == place
    assert "belongs to another user" in flaw.why
    assert flaw.remedy.startswith("sudo chown -R ")


def test_a_directory_below_one_that_everyone_can_write_to_is_refused(place):
    place.parent.chmod(0o777)
    flaw = flaw_of(place)
    assert (flaw.path, flaw.remedy) == (place.parent, "sudo chmod o-w")
    place.parent.chmod(0o1777)  # Like /tmp: users cannot rename the files of other users.
    assert flaw_of(place) is None


def test_a_directory_below_one_of_another_user_is_refused(place, monkeypatch):
    owned_by_other_user(monkeypatch, place.parent)
    flaw = flaw_of(place)
    assert flaw.path == place.parent
    assert "another user (4711)" in flaw.why


def test_a_link_of_this_user_is_followed_if_allowed(place, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(place)
    assert flaw_of(link) is None
    flaw = flaw_of(link, link=False)
    assert (flaw.path, flaw.remedy) == (link, "rm")


def test_a_link_of_another_user_in_the_path_is_refused(place, tmp_path, monkeypatch):
    link = tmp_path / "link"
    link.symlink_to(place.parent)
    owned_by_other_user(monkeypatch, link)
    assert flaw_of(link / "state").path == link


def test_the_target_of_a_link_is_checked_too(place, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(place)
    place.parent.chmod(0o777)
    assert flaw_of(link).path == place.parent


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_created_directories_are_private_with_any_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        make_private(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


def test_a_probe_has_no_name_while_it_is_written_so_a_killed_process_leaves_none(tmp_path, monkeypatch):
    seen, write = [], os.write

    def watched(descriptor, content):
        seen.append(list(tmp_path.iterdir()))
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", watched)
    write_probe(tmp_path, 100)
    assert seen == [[]]


def test_a_probe_removes_the_old_ones_of_killed_processes_and_nothing_else(tmp_path):
    names = [".probe-0123abcd", ".probe-89abcdef", ".probe-of-mine", "report.json"]
    for name in names:
        (tmp_path / name).write_text("probe")
    for name in (names[0], *names[2:]):
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".probe-00000000").mkdir()
    write_probe(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".probe-00000000", *names[1:]])
