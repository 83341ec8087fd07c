"""No other user may write to the directory of the journals: a forged journal decides what is undone."""

from __future__ import annotations

import os
import stat

import pytest

from breakglass_tui import directories
from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import RunStore

USES = {
    "prepare": lambda store, header: store.require_writable(),
    "write": lambda store, header: store.open_journal(header).__enter__(),
    "claim": lambda store, header: store.claim("123456789012", "bg-alice").__enter__(),
    "list": lambda store, header: store.runs(),
}


@pytest.fixture
def kept(store, header, events):
    """A store with one run."""
    with store.open_journal(header) as journal:
        journal.write(events[0])
    assert len(store.runs()) == 1
    return store


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("mode", [0o770, 0o777])
def test_a_state_directory_that_others_may_write_to_is_refused_and_the_remedy_is_named(kept, header, use, mode):
    kept.root.chmod(mode)
    with pytest.raises(Problem) as caught:
        use(kept, header)
    assert (caught.value.kind, caught.value.code) == (Kind.LOCAL, "UnsafeDirectory")
    assert f"chmod 700 {kept.root}" in caught.value.next
    # The store does not repair the mode. The operator checks the content first.
    assert stat.S_IMODE(kept.root.stat().st_mode) == mode


@pytest.mark.parametrize("part", ["runs", "locks"])
def test_a_directory_in_it_that_others_may_write_to_is_refused(kept, header, part):
    (kept.root / part).chmod(0o777)
    with pytest.raises(Problem) as caught, kept.open_journal(header, 1):
        pytest.fail("it was let in")
    assert f"chmod 700 {kept.root / part}" in caught.value.next


def test_a_runs_own_directory_that_others_may_write_to_is_refused(kept, header):
    (kept.root / "runs" / header.id).chmod(0o770)
    with pytest.raises(Problem) as caught, kept.open_journal(header, 1):
        pytest.fail("it was let in")
    assert caught.value.code == "UnsafeDirectory"


def test_a_state_directory_of_another_user_is_refused(kept, header, monkeypatch):
    owner = os.geteuid()
    monkeypatch.setattr(directories.os, "geteuid", lambda: owner + 1000)
    for use in USES.values():
        with pytest.raises(Problem, match="belongs to another user"):
            use(kept, header)


@pytest.mark.parametrize("part", ["runs", "locks"])
def test_a_link_in_place_of_a_directory_is_not_followed(tmp_path, header, part):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / part).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="symbolic link"), RunStore(tmp_path / "state").open_journal(header):
        pytest.fail("it was let in")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_place_of_a_runs_directory_is_not_followed(kept, header, tmp_path, events):
    elsewhere = tmp_path / "elsewhere"
    (kept.root / "runs" / header.id).rename(elsewhere)
    (kept.root / "runs" / header.id).symlink_to(elsewhere)
    before = (elsewhere / "journal.jsonl").read_bytes()
    with pytest.raises(Problem, match="symbolic link"), kept.open_journal(header, 1) as journal:
        journal.write(e.StepStarted(events[0].at, "create-user"))
    assert (elsewhere / "journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_created_parent_directories_are_private_with_any_umask(tmp_path, header, umask):
    before = os.umask(umask)
    try:
        store = RunStore(tmp_path / "home" / ".local" / "state")
        with store.open_journal(header):
            pass
    finally:
        os.umask(before)
    for path in (tmp_path / "home", *(tmp_path / "home").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
