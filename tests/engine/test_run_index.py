"""The index of finished runs: when a list uses it, when it reads the journals, and what a bad index can do."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta

import pytest
from golden_kit import GOLDEN
from many_journals import JournalPattern, write_journals

from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import RunFinished, RunResumed, RunStatus, UndoStarted
from breakglass_tui.engine import run_index
from breakglass_tui.engine import run_store as module
from breakglass_tui.engine.known_user import known_user
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.plain.run_history import run_document

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
PATTERN = JournalPattern(short=True)


@pytest.fixture
def ids(store):
    """Return the ids of six finished runs in the store, the oldest first. A list has written their index."""
    store.root.mkdir(mode=0o700)
    ids = write_journals(store.root, 6, PATTERN, begin=BEGIN)
    store.runs()
    return ids


@pytest.fixture
def loaded(monkeypatch):
    """Return the names of the journals that were read since."""
    names, read = [], module.read

    def reading(path, until=""):
        names.append(path.parent.name)
        return read(path, until)

    monkeypatch.setattr(module, "read", reading)
    return names


def journal_of(store, id):
    return store.root / "runs" / id / module.FILE


def index_of(store):
    return store.root / run_index.NAME


def with_checksum(body):
    first = {"schema": run_index.SCHEMA, "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(first).encode() + b"\n" + body


def documents(runs):
    return [run_document(run, {}) for run in runs]


def test_a_list_reads_no_journal_of_a_finished_run_again(store, ids, loaded):
    runs = store.runs()
    assert loaded == []
    assert [run.id for run in runs] == ids[::-1]
    assert [run.user_name for run in runs] == [f"bg-{number:05}" for number in reversed(range(6))]
    assert stat.S_IMODE(index_of(store).stat().st_mode) == 0o600


def test_a_list_from_the_index_is_the_list_from_the_journals(tmp_path):
    shutil.copytree(GOLDEN / "state" / "breakglass-tui", tmp_path / "state")
    store = RunStore(tmp_path / "state")
    store.root.chmod(0o700)
    (store.root / "runs").chmod(0o700)
    from_journals = documents(store.runs())
    assert from_journals == documents(store.runs())
    assert len({run["status"] for run in from_journals}) > 2


def test_unfinished_and_damaged_runs_are_read_each_time(store, ids, loaded):
    undone, damaged, cut = ids[:3]
    at = BEGIN + timedelta(days=1)
    with store.open_journal(store.load(undone).record.header, PATTERN.length) as journal:
        journal.write(RunResumed(at, "undo"))
        journal.write(UndoStarted(at, "", ()))
    content = journal_of(store, damaged).read_bytes()
    journal_of(store, damaged).write_bytes(content.replace(b"bg-00001", b"bg-0000x"))
    journal_of(store, cut).write_bytes(b"")
    for _ in range(2):
        loaded.clear()
        runs = {run.id: run for run in store.runs()}
        assert sorted(loaded) == sorted([undone, damaged, cut])
        assert {run.id for run in runs.values() if run.problem is not None} == {damaged, cut}
        assert [stored.id for stored in store.unfinished() if stored.problem is None] == [undone]


def test_a_journal_that_was_continued_is_read_again(store, ids, loaded):
    with store.open_journal(store.load(ids[0]).record.header, PATTERN.length) as journal:
        journal.write(RunFinished(BEGIN + timedelta(days=1), RunStatus.UNDONE))
    loaded.clear()
    assert store.runs()[-1].status is RunStatus.UNDONE
    assert store.runs()[-1].status is RunStatus.UNDONE
    assert loaded == [ids[0]]


def test_a_changed_journal_with_its_old_size_and_time_is_still_read_again(store, ids):
    path = journal_of(store, ids[0])
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"done"', b'"dome"'))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_size == before.st_size
    assert store.runs()[-1].problem.code == "JournalDamaged"


def test_a_journal_that_was_replaced_by_another_file_is_read_again(store, ids, loaded):
    path = journal_of(store, ids[0])
    before = path.stat()
    shutil.copy(path, path.with_name("copy"))
    os.utime(path.with_name("copy"), ns=(before.st_atime_ns, before.st_mtime_ns))
    path.with_name("copy").rename(path)
    store.runs()
    assert loaded == [ids[0]]


def test_the_journal_of_another_run_in_the_directory_is_reported(store, ids):
    shutil.copy(journal_of(store, ids[1]), journal_of(store, ids[0]))
    for _ in range(2):
        assert store.runs()[-1].problem.what == f"The journal in the directory {ids[0]} belongs to another run."


def test_a_run_that_was_deleted_leaves_the_index(store, ids):
    shutil.rmtree(journal_of(store, ids[0]).parent)
    assert ids[0] not in [run.id for run in store.runs()]
    assert ids[0].encode() not in index_of(store).read_bytes()


def changed(content, **values):
    """Return the index with other values in its first entry and the right checksum."""
    first, *entries = content.split(b"\n", 1)[1].splitlines(keepends=True)
    entry = {**json.loads(first), **values}
    return with_checksum(json.dumps(entry).encode() + b"\n" + b"".join(entries))


def other_header(content, **values):
    started = json.loads(content.splitlines()[1])["started"]
    return changed(content, started={**started, "header": {**started["header"], **values}})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:-20],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"bg-00003", b"bg-0000x"),
        lambda content: content.replace(b'"schema": 1', b'"schema": 9'),
        lambda content: b"\x00" * len(content),
        lambda content: b"[" * 100_000 + b"\n",
        lambda content: with_checksum(b"{}\n"),
        lambda content: with_checksum(b"[]\n"),
        lambda content: changed(content, status="running"),
        lambda content: changed(content, status="incomplete"),
        lambda content: changed(content, stamp=[1]),
        lambda content: changed(content, steps=[]),
        lambda content: changed(content, steps=7),
        lambda content: changed(content, finished_at=0),
        lambda content: changed(content, started={"event": "UndoStarted", "at": BEGIN.isoformat()}),
        lambda content: other_header(content, account_id="$(id)"),
        lambda content: other_header(content, request={"user_name": "bg\x1b[2J"}),
        lambda content: other_header(content, request=None),
    ],
)
def test_an_index_that_is_damaged_or_of_another_form_is_rebuilt(store, ids, loaded, spoil):
    good = store.runs()
    whole = index_of(store).read_bytes()
    index_of(store).write_bytes(spoil(whole))
    assert store.runs() == good
    assert sorted(loaded) == sorted(ids)
    assert sorted(index_of(store).read_bytes().splitlines()[1:]) == sorted(whole.splitlines()[1:])


def test_an_index_that_others_may_read_was_written_by_another_program(store, ids, loaded):
    index_of(store).chmod(0o644)
    store.runs()
    assert sorted(loaded) == sorted(ids)
    assert stat.S_IMODE(index_of(store).stat().st_mode) == 0o600


def test_a_pipe_a_directory_or_a_link_in_place_of_the_index_stops_no_list(store, ids, tmp_path):
    good = store.runs()
    index_of(store).unlink()
    for make in (os.mkfifo, os.mkdir, lambda path: path.symlink_to(tmp_path / "nowhere")):
        make(index_of(store))
        assert store.runs() == good
        if index_of(store).is_dir():
            index_of(store).rmdir()
        else:
            index_of(store).unlink(missing_ok=True)
    assert [path.name for path in store.root.iterdir()] == ["runs"]
    assert not (tmp_path / "nowhere").exists()


def test_no_action_trusts_the_index(store, ids):
    """Anyone who can write to the state directory can compute its checksum."""
    entries = [json.loads(line) for line in index_of(store).read_bytes().splitlines()[1:]]
    for entry in entries:
        entry["status"] = "undone" if entry["status"] == "done" else "done"
        entry["started"]["header"]["request"] = {"user_name": "bg-forged"}
    index_of(store).write_bytes(with_checksum(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)))
    assert {(run.status, run.user_name) for run in store.runs()} == {(RunStatus.UNDONE, "bg-forged")}
    record = store.find(ids[0]).record
    assert (record.status, record.header.request["user_name"]) == (RunStatus.DONE, "bg-00000")
    assert known_user(store, PATTERN.account_id, "bg-forged", Place.AWS).request is None


def test_one_run_is_found_without_the_others(store, ids, loaded):
    assert store.find(ids[4][:8]).id == ids[4]
    assert loaded == [ids[4]]
    loaded.clear()
    known = known_user(store, PATTERN.account_id, "bg-00002", Place.AWS)
    assert known.stored.id == ids[2]
    assert known.stored.record.facts["user_id"]
    assert loaded == [ids[2]]


def test_runs_that_started_at_the_same_time_have_one_order(store, ids, monkeypatch):
    for id in ids:
        journal_of(store, id).write_bytes(PATTERN.copy(id, "bg-same", BEGIN))
    listed = [run.id for run in store.runs()]
    names = os.listdir

    monkeypatch.setattr(module.os, "listdir", lambda path: names(path)[::-1])
    assert [run.id for run in store.runs()] == listed == sorted(ids, reverse=True)


def test_a_list_that_ends_early_keeps_what_it_has_read(store, monkeypatch):
    monkeypatch.setattr(run_index, "SAVE_EVERY", 2)
    store.root.mkdir(mode=0o700)
    write_journals(store.root, 6, PATTERN, begin=BEGIN)
    read, count = module.read, []

    def ends(path, until=""):
        count.append(path)
        if len(count) == 6:
            raise KeyboardInterrupt
        return read(path, until)

    monkeypatch.setattr(module, "read", ends)
    with pytest.raises(KeyboardInterrupt):
        store.runs()
    assert len(index_of(store).read_bytes().splitlines()) == 1 + 4


def test_without_a_finished_run_there_is_no_index(store, header, events):
    with store.open_journal(header) as journal:
        journal.write(events[0])
    assert len(store.runs()) == 1
    assert not index_of(store).exists()


def test_a_journal_that_is_continued_while_it_is_read_is_read_again_by_the_next_list(store, ids, monkeypatch):
    header, read = store.load(ids[0]).record.header, module.read
    index_of(store).unlink()

    def continued(path, until=""):
        yield from read(path, until)
        if path.parent.name == ids[0]:
            monkeypatch.setattr(module, "read", read)
            with RunStore(store.root).open_journal(header, PATTERN.length) as journal:
                journal.write(RunResumed(BEGIN + timedelta(days=1), "undo"))
                journal.write(UndoStarted(BEGIN + timedelta(days=1), "", ()))

    monkeypatch.setattr(module, "read", continued)
    store.runs()
    assert module.read is read
    assert [stored.id for stored in store.unfinished()] == [ids[0]]
