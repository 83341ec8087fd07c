"""The run store: which runs exist, which of them are unfinished, and who can write."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine import journal, lock
from breakglass_tui.engine import run_store as module
from breakglass_tui.engine.run_store import RunStore


@pytest.fixture
def keep(store, header, events):
    """``keep(id, *events)`` writes the journal of a run, and returns its id."""
    start = events[0]

    def keep(id=header.id, *more, at=start.at, user="bg-alice"):
        about = replace(header, id=id, request={**header.request, "user_name": user})
        with store.open_journal(about) as written:
            for event in (replace(start, at=at, header=about), *more):
                written.write(event)
        return id

    return keep


def may_exist(at):
    return e.StepStarted(at, "create-user")


def ended(at, status):
    return e.RunFinished(at, status)


def file_of(store, id):
    return store.root / "runs" / id / "journal.jsonl"


def test_a_store_without_a_directory_has_no_runs_and_creates_none(store):
    assert store.runs() == store.unfinished() == ()
    assert not store.root.exists()


def test_runs_are_sorted_newest_first(store, keep, events):
    at = events[0].at
    keep("aa01", at=at)
    keep("aa03", at=at + timedelta(hours=2))
    keep("aa02", at=at + timedelta(hours=1))
    assert [stored.id for stored in store.runs()] == ["aa03", "aa02", "aa01"]


def test_unfinished_runs_are_those_with_something_left_to_do(store, keep, events):
    at = events[0].at
    keep("nothing-begun")
    keep("cut-off", may_exist(at))
    keep("left", may_exist(at), ended(at, e.RunStatus.INCOMPLETE))
    keep("done", may_exist(at), ended(at, e.RunStatus.DONE))
    keep("undone", may_exist(at), ended(at, e.RunStatus.UNDONE))
    keep(
        "undo-cut-off", may_exist(at), ended(at, e.RunStatus.DONE), e.RunResumed(at, "undo"), e.UndoStarted(at, "", ())
    )
    assert {stored.id for stored in store.unfinished()} == {"cut-off", "left", "undo-cut-off"}


def test_a_run_is_found_by_the_start_of_its_id(store, keep):
    for id in ("abc1", "abc2", "abc", "xyz"):
        keep(id)
    assert store.find("x").id == "xyz"
    assert store.find("abc2").id == "abc2"
    assert store.find("abc").id == "abc"


@pytest.mark.parametrize(
    ("id", "message"), [("ab", "More than one"), ("", "no run"), ("../x", "no run"), ("\x1b[", "no")]
)
def test_an_id_that_names_no_run_or_several_is_a_problem_of_usage(store, keep, id, message):
    keep("abc1")
    keep("abc2")
    with pytest.raises(Problem, match=message) as caught:
        store.find(id)
    assert caught.value.kind is Kind.USAGE
    assert "\x1b" not in str(caught.value)


def test_a_damaged_journal_is_listed_with_its_problem_and_never_counts_as_finished(store, keep, events):
    at = events[0].at
    keep("damaged", may_exist(at), ended(at, e.RunStatus.DONE), e.RunResumed(at, "undo"))
    file = file_of(store, "damaged")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], lines[3].replace(b"undo", b"anew")]))
    (stored,) = store.unfinished()
    assert stored.problem.code == "JournalDamaged"
    assert stored.record.header.id == "damaged"


def test_a_journal_with_a_damaged_first_line_is_listed(store, keep):
    keep("damaged")
    file = file_of(store, "damaged")
    file.write_bytes(file.read_bytes().replace(b"bg-alice", b"bg-mallo"))
    (stored,) = store.unfinished()
    assert stored.problem is not None


def test_an_unreadable_journal_is_reported_and_the_others_are_listed(store, keep, monkeypatch):
    keep("good")
    keep("shut")
    real = os.open

    def shut(path, *given, **named):
        if "shut" in str(path) and str(path).endswith("jsonl"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, *given, **named)

    monkeypatch.setattr(os, "open", shut)
    assert {stored.id: stored.problem is None for stored in store.runs()} == {"good": True, "shut": False}
    assert "Permission denied" in store.find("shut").problem.why


def test_a_directory_without_a_journal_is_no_run_and_one_without_an_event_has_a_problem(store, keep):
    keep("good")
    for name in ("none", "empty", "torn"):
        (store.root / "runs" / name).mkdir()
    file_of(store, "empty").write_bytes(b"")
    file_of(store, "torn").write_bytes(b'{"n":1,"event":"RunSta')
    codes = {stored.id: stored.problem.code if stored.problem else "" for stored in store.runs()}
    assert codes == {"good": "", "empty": "JournalEmpty", "torn": "JournalEmpty"}


def test_a_copy_of_a_run_cannot_be_resumed(store, keep, events):
    """Its events would be written to the journal of the original."""
    keep("good", may_exist(events[0].at))
    shutil.copytree(store.root / "runs" / "good", store.root / "runs" / "copy")
    assert "belongs to another run" in store.find("copy").problem.what
    assert store.find("good").problem is None


def test_only_the_owner_can_read_the_store(store, keep):
    keep("good")
    for path in (store.root, *store.root.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_directories_that_others_can_read_become_private(store, keep):
    (store.root / "runs").mkdir(mode=0o755, parents=True)
    store.root.chmod(0o755)
    keep("good")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (store.root, store.root / "runs")} == {0o700}


def test_a_new_directory_is_durable_before_anything_is_written_to_it(store, header, monkeypatch):
    synced = []
    monkeypatch.setattr(module, "sync_directory", lambda directory: synced.append(directory.name))
    with store.open_journal(header):
        pass
    assert synced == ["state", "state", "runs"]


def test_a_state_directory_that_is_a_file_is_a_problem(tmp_path, header):
    (tmp_path / "state").write_text("")
    store = RunStore(tmp_path / "state")
    for attempt in (store.require_writable, lambda: store.open_journal(header).__enter__()):
        with pytest.raises(Problem) as caught:
            attempt()
        assert caught.value.code == "JournalUnwritable"


def test_a_process_with_an_outdated_record_does_not_write(store, keep, header, events):
    """A run that resumed from an outdated record would create resources twice."""
    at = events[0].at
    stored = store.find(keep(header.id, may_exist(at)))
    with RunStore(store.root).open_journal(header, stored.length) as other:
        other.write(e.StepFinished(at, "create-user", e.StepStatus.DONE))
    before = file_of(store, header.id).read_bytes()
    with pytest.raises(Problem) as caught, store.open_journal(header, stored.length):
        pytest.fail("it was let in")
    assert (caught.value.kind, caught.value.code) == (Kind.BUSY, "GoneOn")
    assert file_of(store, header.id).read_bytes() == before
    with store.open_journal(header, store.find(header.id).length):
        pass


def test_two_runs_of_one_process_do_not_write_to_one_journal(store, header):
    with store.open_journal(header), pytest.raises(Problem) as caught, store.open_journal(header):
        pytest.fail("it was let in")
    assert caught.value.kind is Kind.BUSY


def test_a_claim_can_be_repeated_in_its_store_but_not_from_another(store, header):
    other = RunStore(store.root)
    with store.claim("123456789012", "bg-alice"), store.claim("123456789012", "BG-Alice"):
        with store.open_journal(header):
            pass
        with pytest.raises(Problem) as caught, other.claim("123456789012", "BG-ALICE"):
            pytest.fail("it was let in")
        assert caught.value.kind is Kind.BUSY
        with other.claim("999999999999", "bg-alice"), other.claim("123456789012", "bg-bob"):
            pass
    with other.claim("123456789012", "bg-alice"):
        pass


def test_threads_of_one_process_claim_a_user_together_until_the_last_of_them_ends(store):
    other, start, problems = RunStore(store.root), threading.Barrier(4, timeout=20), []

    def work():
        start.wait()
        for _ in range(50):
            try:
                with store.claim("123456789012", "bg"):
                    other_may = False
                    with contextlib.suppress(Problem), other.claim("123456789012", "bg"):
                        other_may = True
                    problems.extend(["another process was let in"] if other_may else [])
            except Problem as problem:
                problems.append(str(problem))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with other.claim("123456789012", "bg"):
        pass


def test_one_of_many_threads_has_the_claim(store):
    inside, most, lock_here = [], [], threading.Lock()
    start = threading.Barrier(6, timeout=20)

    def work():
        start.wait()
        try:
            with lock.locked(store.root / "user.lock", "1", "bg", module.SystemClock().now()):
                with lock_here:
                    inside.append(1)
                    most.append(len(inside))
                inside.pop()
        except Problem as problem:
            assert problem.kind is Kind.BUSY  # noqa: PT017 - this runs in a thread

    store.root.mkdir()
    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1


def test_opening_a_journal_raises_only_problems(store, header, monkeypatch):
    for target, name in ((journal.os, "open"), (journal.os, "ftruncate"), (lock.fcntl, "flock"), (journal.os, "fsync")):

        def fail(*_args, **_named):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        with monkeypatch.context() as broken:
            broken.setattr(target, name, fail)
            with pytest.raises(Problem), store.open_journal(header):
                pass
    with store.open_journal(header):
        pass


def test_journals_that_cannot_be_listed_do_not_count_as_none(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="cannot be listed") as caught:
        RunStore(tmp_path / "file" / "state").runs()
    assert caught.value.kind is Kind.LOCAL
    assert RunStore(tmp_path / "nothing").runs() == ()


def test_a_journal_without_its_first_line_is_listed_with_its_problem(store, header):
    with store.open_journal(header) as journal:
        journal.write(e.StepStarted(datetime.now(UTC), "create-user"))
    (stored,) = store.unfinished()
    assert stored.problem.code == "JournalDamaged"
