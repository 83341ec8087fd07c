"""The journal: complete, torn or changed lines, and disks that cannot be written."""

from __future__ import annotations

import errno
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine import journal as module
from breakglass_tui.engine.journal import FIRST_PREVIOUS_HASH, Journal, probe, read

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CANARY = "canary-4f1c-Sesame/+=="


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.jsonl"


@pytest.fixture
def written(path, events):
    """A journal with one event of each kind."""
    journal = Journal(path)
    for event in events:
        journal.write(event)
    journal.close()
    return path


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


def descriptors():
    return len(list(Path("/dev/fd").iterdir()))


def test_events_are_read_in_the_order_in_which_they_were_written(written, events):
    assert [type(event).__name__ for event in read(written)] == [
        "StepNoted" if isinstance(event, e.Asked) else type(event).__name__ for event in events
    ]


def test_no_event_writes_a_secret_to_the_disk(written):
    assert CANARY.encode() not in written.read_bytes()


def test_only_the_owner_can_read_a_journal(written):
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_another_process_appends_to_it_and_the_head_covers_all_lines_before(written, events):
    before = json.loads(lines(written)[-1])["h"]
    journal = Journal(written)
    assert (journal.head, journal.length) == (before, len(events))
    journal.write(e.StepStarted(events[0].at, "create-user"))
    journal.close()
    assert json.loads(lines(written)[-1])["prev"] == before
    assert len(list(read(written))) == len(events) + 1


def test_an_empty_journal_has_no_events_and_the_first_head(path):
    journal = Journal(path)
    journal.close()
    assert (journal.head, journal.length, list(read(path))) == (FIRST_PREVIOUS_HASH, 0, [])


def test_a_tail_torn_at_any_byte_costs_the_last_event_only(written, events, path):
    whole = written.read_bytes()
    last = len(lines(written)[-1])
    for kept in range(len(whole) - last, len(whole)):
        path.write_bytes(whole[:kept])
        assert len(list(read(path))) == len(events) - 1
        journal = Journal(path)
        journal.write(events[-1])
        journal.close()
        assert path.read_bytes() == whole


def test_a_last_line_of_garbage_with_a_line_break_counts_as_torn(written, events):
    written.write_bytes(b"".join(lines(written)[:-1]) + b"\0\0\0\n")
    assert len(list(read(written))) == len(events) - 1


def changed(all_lines, number):
    return [*all_lines[:number], all_lines[number].replace(b"2026", b"2025"), *all_lines[number + 1 :]]


DAMAGE = {
    "a changed line": lambda all_lines: changed(all_lines, 3),
    "the first line changed": lambda all_lines: changed(all_lines, 0),
    "the last line changed": lambda all_lines: changed(all_lines, len(all_lines) - 1),
    "a line removed": lambda all_lines: all_lines[:3] + all_lines[4:],
    "the first line removed": lambda all_lines: all_lines[1:],
    "two lines exchanged": lambda all_lines: [*all_lines[:2], all_lines[3], all_lines[2], *all_lines[4:]],
    "a line twice": lambda all_lines: [*all_lines[:3], all_lines[2], *all_lines[3:]],
    "rubbish in the middle": lambda all_lines: [*all_lines[:3], b"{\xff\n", *all_lines[4:]],
    "a number too long": lambda all_lines: [b'{"n":' + b"9" * 5000 + b"}\n", *all_lines],
    "depth without end": lambda all_lines: [b"[" * 100_000 + b"\n", *all_lines],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_detected_and_opening_changes_nothing(written, damage):
    written.write_bytes(b"".join(damage(lines(written))))
    damaged, open_before = written.read_bytes(), descriptors()
    for attempt in (Journal, lambda path: list(read(path))):
        with pytest.raises(Problem) as caught:
            attempt(written)
        assert caught.value.code == "JournalDamaged"
    assert written.read_bytes() == damaged
    assert descriptors() == open_before


def test_an_event_of_a_newer_version_is_an_error_that_names_that_version(path):
    body = {"n": 1, "event": "Teleported", "prev": FIRST_PREVIOUS_HASH}
    path.write_text(json.dumps({**body, "h": module._digest(body)}) + "\n")
    with pytest.raises(Problem, match="the version that started it"):
        list(read(path))


def failing(error, after=0):
    calls = []

    def fail(*_):
        calls.append(1)
        if len(calls) > after:
            raise OSError(error, os.strerror(error))

    return fail


@pytest.mark.parametrize(
    ("function", "error"),
    [("write", errno.ENOSPC), ("write", errno.EDQUOT), ("write", errno.EROFS), ("fsync", errno.EIO)],
)
def test_after_one_failure_nothing_more_is_written(written, events, monkeypatch, function, error):
    journal = Journal(written)
    with monkeypatch.context() as broken:
        broken.setattr(module.os, function, failing(error))
        with pytest.raises(Problem) as caught:
            journal.write(events[2])
    assert (caught.value.code, caught.value.kind) == ("JournalUnwritable", Kind.LOCAL)
    assert os.strerror(error) in caught.value.why
    after = written.read_bytes()
    with pytest.raises(Problem):
        journal.write(events[3])
    assert written.read_bytes() == after
    journal.close()


def test_a_partial_write_is_continued(path, events, monkeypatch):
    real = os.write
    monkeypatch.setattr(module.os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    journal = Journal(path)
    journal.write(events[0])
    journal.close()
    assert len(list(read(path))) == 1


def test_a_disk_that_becomes_full_within_a_line_leaves_a_torn_line(written, events, monkeypatch):
    real, room = os.write, [20]

    def write(descriptor, data):
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data[: room.pop()])

    journal = Journal(written)
    with monkeypatch.context() as broken:
        broken.setattr(module.os, "write", write)
        with pytest.raises(Problem):
            journal.write(events[2])
    journal.close()
    assert len(list(read(written))) == len(events)
    Journal(written).close()
    assert len(lines(written)) == len(events)


def test_a_write_is_on_the_disk_when_it_returns(path, events, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(module.os, "fsync", lambda descriptor: (real(descriptor), synced.append(path.stat().st_size)))
    journal = Journal(path)
    synced.clear()
    for event in events[:3]:
        journal.write(event)
        assert synced[-1] == path.stat().st_size
    assert len(synced) == 3
    journal.close()


@pytest.mark.parametrize("way", ["deleted", "moved", "replaced", "state moved"])
def test_a_journal_that_is_gone_is_noticed_before_the_next_event(tmp_path, events, way):
    directory = tmp_path / "state" / "run"
    directory.mkdir(parents=True)
    path = directory / "journal.jsonl"
    journal = Journal(path)
    journal.write(events[0])
    if way == "deleted":
        path.unlink()
    elif way == "state moved":
        directory.parent.rename(tmp_path / "moved")
    else:
        path.rename(tmp_path / "moved")
        if way == "replaced":
            path.write_text("")
    with pytest.raises(Problem, match="was deleted or moved") as caught:
        journal.write(events[1])
    assert caught.value.code == "JournalGone"
    journal.close()


@pytest.mark.parametrize(
    ("number", "next"), [(errno.ENOSPC, "Free disk space, or set"), (errno.EDQUOT, "Free space in your disk quota, or")]
)
def test_a_full_disk_and_a_full_quota_have_different_remedies(path, events, monkeypatch, number, next):
    journal = Journal(path)

    def full(descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    for _ in range(2):  # the second problem is that of the first
        with pytest.raises(Problem) as caught:
            journal.write(events[0])
        assert caught.value.why == f"The system reports: {os.strerror(number)}."
        assert caught.value.next.startswith(next)
    journal.close()


def test_no_link_is_followed(tmp_path, path):
    target = tmp_path / "else"
    target.write_text("precious")
    path.symlink_to(target)
    with pytest.raises(Problem) as caught:
        Journal(path)
    assert caught.value.code == "JournalUnwritable"
    assert target.read_text() == "precious"


def test_the_order_is_that_of_the_numbers_when_the_time_jumps_back(path, events, bench):
    journal, at = Journal(path), events[0].at
    told = [
        events[0],
        e.StepStarted(at + timedelta(hours=2), "create-user"),
        e.StepFinished(at + timedelta(hours=2), "create-user", e.StepStatus.DONE),
        e.StepStarted(at - timedelta(hours=2), "access-key"),
    ]
    for event in told:
        journal.write(event)
    journal.close()
    assert list(read(path)) == told
    assert [step.id for step in bench.replay(read(path)).may_exist] == ["create-user", "access-key"]


@pytest.mark.parametrize(("function", "error"), [("write", errno.ENOSPC), ("fsync", errno.EIO), ("open", errno.EROFS)])
def test_a_probe_detects_a_disk_that_cannot_be_written_and_leaves_nothing(tmp_path, monkeypatch, function, error):
    with monkeypatch.context() as broken:
        broken.setattr(module.os, function, failing(error))
        with pytest.raises(Problem) as caught:
            probe(tmp_path)
    assert caught.value.code == "JournalUnwritable"
    assert list(tmp_path.iterdir()) == []
    probe(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (r.FactLearned(AT, "access-key", "access_key_id", "$(id)"), "is not an access key id"),
        (r.FactLearned(AT, "create-user", "user_arn", "arn:aws:iam::1:user/a b"), "is not an ARN"),
        (e.StepFinished(AT, "mfa-device", e.StepStatus.DONE, 1, facts={"mfa_serial": "a\nb"}), "serial number"),
        (e.StepFinished(AT, "create-user", e.StepStatus.DONE, 1, facts={"user_id": "[/]"}), "is not a unique id"),
    ],
)
def test_a_forged_identifier_is_not_used_although_its_hashes_are_right(tmp_path, event, says):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write(event)
    journal.close()
    with pytest.raises(Problem) as raised:
        list(read(tmp_path / "journal.jsonl"))
    assert raised.value.code == "JournalDamaged"
    assert "Line 1 was forged: " in raised.value.why
    assert says in raised.value.why
    assert str(raised.value).isprintable()
