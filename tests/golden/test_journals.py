"""Journals of version 968da27: every stored word still means what it meant."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest
from golden_kit import ADDED_SINCE, GOLDEN, chained, expected, folded, journals, lines_of

from breakglass_tui.domain.endpoints import Place
from breakglass_tui.domain.user_history import UserEvent
from breakglass_tui.engine import codec
from breakglass_tui.engine.codec import decode, encode
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.engine.user_journal import UserJournal

STORIES = sorted(journals())
EVENTS = {
    "Answered",
    "CallDelayed",
    "CallFinished",
    "CallSettled",
    "CallStarted",
    "EnvelopeStarted",
    "FactLearned",
    "FirstSignedIn",
    "ForeignFound",
    "LastingSealed",
    "PreflightFinished",
    "RunFinished",
    "RunResumed",
    "RunStarted",
    "SecretStored",
    "StepFinished",
    "StepNoted",
    "StepStarted",
    "StepUndoing",
    "StepUndone",
    "UndoStarted",
}
"""The names of events in journals. They are frozen: a class may have another name, its events may not."""
NOT_JOURNALED = {"Asked", "CheckStarted", "CheckFinished"}
CHAIN = {"n", "prev", "h"}
"""What the journal adds to each event."""


def known_events():
    """The names of events that today's program can read in the journal of a run."""
    of_users = {codec.STORED_NAMES[kind] for kind in get_args(UserEvent)}
    return set(codec._EVENTS) - of_users


def without_added(stored, again):
    """``again`` without the fields that events have gained since, where they are not in ``stored``."""
    if isinstance(stored, dict) and isinstance(again, dict):
        kept = {name for name in again if name in stored or name not in ADDED_SINCE}
        return {name: without_added(stored.get(name), again[name]) for name in kept}
    if isinstance(stored, list) and isinstance(again, list) and len(stored) == len(again):
        return [without_added(*pair) for pair in zip(stored, again, strict=True)]
    return again


def test_the_golden_journals_have_every_event():
    stored = {line["event"] for path in journals().values() for line in lines_of(path)}
    assert stored == EVENTS
    assert known_events() - NOT_JOURNALED >= EVENTS


def test_an_event_that_is_new_gets_a_golden_journal():
    """Fails when the program learns an event: add a journal that has it, and its name to ``EVENTS``."""
    assert known_events() - NOT_JOURNALED == EVENTS


def test_the_journal_of_a_user_is_read_as_it_was_written(golden):
    journal = UserJournal(RunStore(golden.state / "breakglass-tui"), "123456789012", "bg-done", Place.AWS)
    history = journal.read()
    assert [proof.check for proof in history.proofs.values()] == ["access"]
    assert [disproof.check for disproof in history.disproofs.values()] == ["role-trust"]
    assert history.accepts("AIDAGOLDENEXAMPLE", "arn:aws:iam::123456789012:mfa/second")
    (validation,) = history.validations["00aa11bb22cc33dd"]
    assert (validation.verdict, validation.statuses["access"]) == ("needs-control-plane", "pass")
    (path,) = (GOLDEN / "state" / "breakglass-tui" / "users").iterdir()
    assert {line["event"] for line in lines_of(path)} == {codec.STORED_NAMES[kind] for kind in get_args(UserEvent)}


@pytest.mark.parametrize("story", STORIES)
def test_each_line_is_read_and_written_again_as_the_same_data(story):
    for line in lines_of(journals()[story]):
        stored = {name: value for name, value in line.items() if name not in CHAIN}
        again = json.loads(json.dumps(encode(decode(line))))
        assert without_added(stored, again) == stored


@pytest.mark.parametrize("story", STORIES)
def test_the_hashes_are_those_of_the_documented_chain(story):
    path = journals()[story]
    assert chained(lines_of(path)) == path.read_bytes()


@pytest.mark.parametrize("story", STORIES)
def test_each_journal_folds_into_the_same_record(story):
    assert json.loads(json.dumps(folded(journals()[story]))) == expected("records")[story]


def test_no_stored_key_id_could_be_a_real_one(golden):
    files = [path for path in golden.root.rglob("*") if path.is_file()]
    found = {key for path in files for key in re.findall(rb"A[KS]IA[0-9A-Z]{16}", path.read_bytes())}
    assert found
    assert all(key.endswith(b"EXAMPLE") for key in found)
