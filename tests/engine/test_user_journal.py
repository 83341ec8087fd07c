"""The journal of a user: proofs by use and accepted devices."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.user_history import CheckDisproven, CheckProven, DeviceAccepted, UserHistory
from breakglass_tui.engine.codec import decode, encode
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.user_journal import UserJournal, validation_events

ACCOUNT = "123456789012"
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
PROOF = CheckProven(NOW, "access", "AKIAEXAMPLE", "authenticated 3 of 3 times")
ACCEPTED = DeviceAccepted(NOW, "AIDA1", "arn:aws:iam::123456789012:mfa/second")


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "state")


def test_a_later_process_reads_what_was_appended(store):
    UserJournal(store, ACCOUNT, "bg", Place.AWS).append([PROOF, ACCEPTED])
    history = UserJournal(RunStore(store.root), ACCOUNT, "BG", Place.AWS).read()
    assert history.proof("access", "AKIAEXAMPLE", NOW) == PROOF
    assert history.accepts("AIDA1", ACCEPTED.serial)
    assert not history.accepts("AIDA2", ACCEPTED.serial)
    assert UserJournal(store, ACCOUNT, "other", Place.AWS).read() == UserHistory()


def test_it_is_private_and_append_only(store):
    journal = UserJournal(store, ACCOUNT, "bg", Place.AWS)
    journal.append([PROOF])
    (path,) = (store.root / "users").iterdir()
    before = path.read_bytes()
    journal.append([ACCEPTED])
    assert path.read_bytes().startswith(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_changed_line_is_found(store):
    journal = UserJournal(store, ACCOUNT, "bg", Place.AWS)
    journal.append([PROOF, ACCEPTED])
    (path,) = (store.root / "users").iterdir()
    path.write_bytes(path.read_bytes().replace(b"AKIAEXAMPLE", b"AKIAEXAMPLF"))
    for use in (journal.read, lambda: journal.append([PROOF])):
        with pytest.raises(Problem, match="cannot be used") as raised:
            use()
        assert raised.value.next.startswith("Move the file elsewhere. Then validate the user again")


def test_a_journal_that_cannot_be_written_says_whose_it_is(store, monkeypatch):
    def fail(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("breakglass_tui.engine.journal.os.fsync", fail)
    with pytest.raises(Problem, match="journal of the user bg cannot be written") as raised:
        UserJournal(store, ACCOUNT, "bg", Place.AWS).append([PROOF])
    assert "No space left on device" in raised.value.why


def test_another_process_that_has_the_user_is_not_disturbed(store):
    other = RunStore(store.root)
    with other.claim(ACCOUNT, "bg"), pytest.raises(Problem) as raised:
        UserJournal(store, ACCOUNT, "bg", Place.AWS).append([PROOF])
    assert raised.value.kind is Kind.BUSY
    assert UserJournal(store, ACCOUNT, "bg", Place.AWS).read() == UserHistory()


def test_nothing_to_append_writes_nothing(store):
    UserJournal(store, ACCOUNT, "bg", Place.AWS).append(())
    assert not store.root.exists()


def test_only_what_was_proven_by_use_is_a_proof_and_the_verdict_covers_every_result(header):
    used = CheckResult("access", "Access", CheckStatus.PASS, "", "used", proof="AKIAEXAMPLE")
    read = CheckResult("policies", "Policies", CheckStatus.PASS, "", "read")
    record = RunRecord(checks={"access": replace(used, status=CheckStatus.FAIL), "denies": read}, header=header)
    record.envelopes = [EnvelopeInfo("/x/bg.password.age", ("password",), ("age",), "00ff")]
    proof, verdict = validation_events(record, [used, read], NOW)
    assert proof == CheckProven(NOW, "access", "AKIAEXAMPLE", "used")
    assert (verdict.run, verdict.verdict, verdict.envelopes) == (header.id, "not-ready", {"bg.password.age": "00ff"})
    assert verdict.statuses == {"access": "pass", "denies": "pass", "policies": "pass"}
    assert list(validation_events(RunRecord(header=header), [], NOW)) == []


def test_what_a_use_refuted_stays_so_until_a_use_proves_it(store):
    refused = CheckResult("access", "Access", CheckStatus.FAIL, "", "refused", disproof="AKIAEXAMPLE")
    (event,) = validation_events(RunRecord(), [refused], NOW)
    assert event == CheckDisproven(NOW, "access", "AKIAEXAMPLE", "refused")
    journal = UserJournal(store, ACCOUNT, "bg", Place.AWS)
    journal.append([PROOF, event])
    history = journal.read()
    assert history.proof("access", "AKIAEXAMPLE", NOW) is None
    assert history.disproof("access", "AKIAEXAMPLE") == event
    assert history.has_evidence("access")
    journal.append([PROOF])
    history = journal.read()
    assert (history.proof("access", "AKIAEXAMPLE", NOW), history.disproof("access", "AKIAEXAMPLE")) == (PROOF, None)


@pytest.mark.parametrize(("age", "counts"), [(0, True), (45, True), (46, False), (-1, False)])
def test_a_proof_counts_for_45_days_and_not_before_it_was_made(age, counts):
    history = UserHistory()
    history.apply(PROOF)
    assert (history.proof("access", "AKIAEXAMPLE", NOW + timedelta(days=age)) is not None) is counts


@pytest.mark.parametrize(("minutes", "ours"), [(0, True), (15, True), (16, False), (-14, True), (60, False)])
def test_a_use_at_the_time_of_a_validation_is_no_drill(minutes, ours):
    history = UserHistory()
    history.apply(PROOF)
    assert history.used_by_validation("AKIAEXAMPLE", NOW + timedelta(minutes=minutes)) is ours
    assert not history.used_by_validation("AKIAOTHER", NOW)


def test_threads_that_append_at_once_keep_one_chain(store):
    def append(number):
        UserJournal(store, ACCOUNT, "bg", Place.AWS).append([replace(PROOF, fingerprint=f"AKIA{number}")] * 3)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(append, range(24))) == [None] * 24
    history = UserJournal(store, ACCOUNT, "bg", Place.AWS).read()
    assert {fingerprint for _, fingerprint in history.proofs} == {f"AKIA{number}" for number in range(24)}


def test_a_journal_that_the_system_does_not_show_is_a_problem(store, monkeypatch):
    UserJournal(store, ACCOUNT, "bg", Place.AWS).append([PROOF])

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(type(store.root), "exists", refuse)
    with pytest.raises(Problem, match="cannot be read"):
        UserJournal(store, ACCOUNT, "bg", Place.AWS).read()


def test_the_acceptance_in_a_journal_of_an_earlier_release_has_no_operator():
    line = encode(ACCEPTED)
    del line["by"]
    assert decode(line) == ACCEPTED
    assert decode(encode(replace(ACCEPTED, by="arn:aws:iam::1:user/ops"))).by == "arn:aws:iam::1:user/ops"
