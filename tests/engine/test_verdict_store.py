"""The saved verdict of a validation for the start screen of a later process, and invalid files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.domain.checks import CheckResult, CheckStatus, Verdict
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import CheckFinished, RunStarted
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine.verdict_store import SavedVerdict, VerdictStore, verdict_to_save

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ACCOUNT = "123456789012"
PROOF = SavedVerdict(ACCOUNT, "Bg-Alice", "AIDA1", Verdict.READY, NOW - timedelta(days=12))


@pytest.fixture
def store(tmp_path):
    return VerdictStore(tmp_path / "state")


@pytest.fixture
def kept(store, tmp_path):
    """The file of a saved verdict."""
    store.save(PROOF)
    (path,) = (tmp_path / "state" / "proofs").iterdir()
    return path


def test_a_later_process_reads_a_saved_verdict_from_a_file_of_its_own(store, kept, tmp_path):
    assert VerdictStore(tmp_path / "state").of_account(ACCOUNT, NOW, Place.AWS) == {"bg-alice": PROOF}
    assert store.of_account("999988887777", NOW, Place.AWS) == {}
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    later = SavedVerdict(ACCOUNT, "bg-ALICE", "AIDA1", Verdict.NOT_READY, NOW, "NOT PROVEN")
    store.save(later)
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {"bg-alice": later}
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "certainly"},
        {"at": "yesterday"},
        {"at": "2026-11-10T09:30:00"},
        {"at": (NOW + timedelta(minutes=1)).isoformat()},
        {"account_id": "999988887777"},
        {"user_name": "bg-bob"},
        {"user_id": 7},
        {"schema": 2},
        {"at": None},
    ],
)
def test_wrong_contents_are_ignored(store, kept, change):
    kept.write_text(json.dumps({**json.loads(kept.read_text()), **change}))
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {}
    assert store.of_account("999988887777", NOW, Place.AWS) == {}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 4000, b'{"schema": 1}', b"x" * 5000])
def test_a_file_that_is_not_a_verdict_is_ignored(store, kept, content):
    kept.write_bytes(content)
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {}


def test_a_verdict_under_another_file_name_is_ignored(store, kept):
    kept.rename(kept.with_name("0" * 64 + ".json"))
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {}


def test_in_a_directory_that_others_can_write_to_nothing_is_read_or_saved(store, kept):
    kept.parent.chmod(0o777)
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {}
    with pytest.raises(Problem, match="cannot be saved"):
        store.save(PROOF)


def test_without_a_directory_there_are_none_and_a_file_in_its_place_is_a_problem(store, tmp_path):
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {}
    (tmp_path / "state").write_text("")
    assert store.of_account(ACCOUNT, NOW, Place.AWS) == {}
    with pytest.raises(Problem, match="cannot be saved"):
        store.save(PROOF)


def test_a_record_gives_the_verdict_of_its_checks_and_the_users_id():
    record = RunRecord()
    assert verdict_to_save(record, NOW) is None
    request = {"user_name": "Bg-Alice"}
    record.apply(RunStarted(NOW, RunHeader("r", ACCOUNT, "arn", "eu-west-1", demo=False, request=request), ()))
    facts = {"user_id": "AIDA1"}
    record.apply(CheckFinished(NOW, CheckResult("user-exists", "x", CheckStatus.PASS, "", "", facts=facts)))
    expected = SavedVerdict(ACCOUNT, "Bg-Alice", "AIDA1", Verdict.NOT_READY, NOW, "NOT PROVEN")
    assert verdict_to_save(record, NOW) == expected


@pytest.mark.parametrize(
    ("words", "shown"), [("2 STEPS LEFT", "2 STEPS LEFT"), ("\x1b[31mREADY", "READY"), (None, "READY")]
)
def test_the_words_of_a_saved_verdict_are_valid_or_follow_from_the_verdict(store, kept, words, shown):
    stored = json.loads(kept.read_text())
    kept.write_text(json.dumps({**stored, "words": words}))
    assert store.of_account(ACCOUNT, NOW, Place.AWS)["bg-alice"].shown == shown
