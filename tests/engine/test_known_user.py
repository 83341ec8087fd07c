"""A user that is validated later: what the journals on this machine contribute, and what they must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.known_user import known_user
from breakglass_tui.engine.run_store import RunStore

KEPT = (e.EnvelopeInfo("/x/bg.access-key.age", ("access-key",), ("age",), "00ff"),)
FACTS = {"user_id": "AIDA1", "access_key_id": "AKIA1", "mfa_serial": "arn:mfa"}
REQUEST = {"region": "eu-west-3", "user_name": "bg-alice", "access": "programmatic", "mfa": "authenticator"}


@pytest.fixture
def ran(store, header, clock):
    """``ran(id, status)`` writes the journal of a run that created the user, and returns its path."""

    def ran(id, status=e.RunStatus.DONE, *, facts=FACTS, endpoint=None, emulator=False, **fields):
        of_run = replace(
            header, id=id, endpoint=endpoint, emulator=emulator, request=parse_request({**REQUEST, **fields}).as_json()
        )
        with RunStore(store.root).open_journal(of_run) as journal:
            journal.write(e.RunStarted(clock.now(), of_run, (e.StepBrief("access-key", "Key"),)))
            journal.write(e.StepFinished(clock.now(), "access-key", e.StepStatus.DONE, 1, "", facts, KEPT))
            journal.write(e.RunFinished(clock.now(), status))
        return store.root / "runs" / id / "journal.jsonl"

    return ran


@pytest.fixture
def known(store, account):
    def known(name="bg-alice", account_id=account.caller.account_id, place=Place.AWS):
        return known_user(store, account_id, name, place)

    return known


def test_the_run_gives_its_request_and_its_results(ran, known, account):
    ran("aa")
    found = known()
    subject = found.subject(account)
    assert subject.request == parse_request(REQUEST)
    assert (subject.user_id, subject.access_key_id, subject.mfa_serial) == ("AIDA1", "AKIA1", "arn:mfa")
    assert (subject.envelopes, subject.vault, subject.account) == (KEPT, None, account)
    assert (found.problems, found.summary) == (
        (),
        "The user is compared with run aa of 2026-11-22, which created it.",
    )


def test_the_newest_done_run_counts(ran, known):
    ran("aa", facts={"user_id": "AIDAOLD"})
    ran("bb")
    ran("cc", e.RunStatus.UNDONE)
    ran("dd", e.RunStatus.INCOMPLETE)
    assert known().stored.id == "bb"


def test_runs_of_other_users_do_not_count_even_if_they_are_damaged(ran, known, account):
    ran("aa", user_name="bg-bob")
    path = ran("bb", user_name="bg-eve")
    path.write_bytes(path.read_bytes().replace(b"AKIA1", b"AKIA2"))
    for found in (known(), known("Bg-Bob"), known("bg-bob", "999999999999")):
        assert (found.stored, found.problems, found.summary) == (None, (), "")
        subject = found.subject(account)
        assert (subject.request, subject.user_id, subject.envelopes) == (None, "", ())


@pytest.mark.parametrize("line", [0, 1])
def test_a_damaged_journal_is_reported_and_the_one_before_it_counts(ran, known, line):
    ran("aa")
    path = ran("bb")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b'"prev":"', b'"prev":"0')
    path.write_bytes(b"".join(lines))
    found = known()
    assert found.stored.id == "aa"
    assert len(found.problems) == 1
    assert "The validation continues without it. The user is compared with run aa" in found.summary


def test_a_request_that_this_version_does_not_know_is_reported(ran, known, store, header, clock):
    of_run = replace(header, request={"user_name": "bg-alice", "from_the_future": 1})
    with store.open_journal(of_run) as journal:
        journal.write(e.RunStarted(clock.now(), of_run, ()))
        journal.write(e.RunFinished(clock.now(), e.RunStatus.DONE))
    found = known()
    assert found.stored is None
    assert "The request is not valid. The validation continues without it." in found.summary


def test_journals_that_cannot_be_listed_do_not_stop_a_validation(known, store, account):
    store.root.mkdir(mode=0o700)
    (store.root / "runs").write_text("")
    found = known()
    assert (found.stored, len(found.problems)) == (None, 1)
    assert found.subject(account).request is None


def test_a_given_request_sets_the_expectation_and_the_run_only_its_results(ran, known, account):
    ran("aa")
    request = parse_request({"region": "eu-west-1", "user_name": "bg-alice", "access": "programmatic"})
    subject = known().subject(account, request)
    assert subject.request is request
    assert (subject.user_id, subject.access_key_id, subject.envelopes) == ("AIDA1", "AKIA1", KEPT)
    assert subject.mfa_serial == ""
    console = parse_request({"region": "eu-west-1", "user_name": "bg-alice"})
    assert known().subject(account, console).access_key_id == ""
    assert known("bg-bob").subject(account, request).request is request


def test_in_a_simulated_account_only_runs_of_this_process_count(ran, known, store, header, clock):
    ran("aa")
    assert known(place=Place.DEMO).stored is None
    of_run = replace(header, id="aa", request=parse_request(REQUEST).as_json(), demo=True)
    with store.open_journal(of_run, 3) as journal:
        journal.write(e.RunResumed(clock.now(), "anew"))
        journal.write(e.RunFinished(clock.now(), e.RunStatus.DONE))
    assert known(place=Place.DEMO).stored.id == "aa"


def test_a_run_on_an_emulator_says_nothing_about_an_account_of_aws(ran, known, header):
    ran("aa", endpoint="http://127.0.0.1:4566", emulator=True)
    ran("bb", endpoint="")
    assert known().stored.id == "bb"
    assert known(place=Place.CUSTOM_ENDPOINT).stored.id == "bb"
    assert known(place=Place.EMULATOR).stored.id == "aa"


def test_a_run_of_a_version_that_stored_no_endpoint_is_known_by_its_account_id(ran, known):
    ran("aa", endpoint=None)
    assert known().stored.id == known(place=Place.EMULATOR).stored.id == "aa"
