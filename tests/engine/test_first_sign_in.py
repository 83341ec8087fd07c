"""The first sign-in without AWS: what is sealed when, what is recorded before whom, and where it can be left."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from toy_password import NEW, ToyPassword

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine import first_sign_in as module
from breakglass_tui.engine.first_sign_in import (
    FirstSignIn,
    PasswordChecked,
    StoragePending,
    awaits_first_sign_in,
    first_sign_in,
)
from breakglass_tui.engine.run_store import StoredRun

STEP = "login-profile"
DENIED = Problem("Not allowed.", kind=Kind.REFUSED, code="AccessDenied")


@pytest.fixture
def earlier(header, clock):
    """The record of a run that gave its user a temporary password."""
    request = {**header.request, "access": "console", "password_reset_required": True}
    header = e.RunHeader(header.id, header.account_id, header.caller_arn, header.region, header.demo, request)
    record, now = RunRecord(), clock.now()
    old = e.EnvelopeInfo("/x/bg.password.age", ("password",), ("age",), "00ff")
    for event in (
        e.RunStarted(now, header, (e.StepBrief(STEP, "Console sign-in"),)),
        e.StepStarted(now, STEP),
        r.EnvelopeStarted(now, STEP, old.path),
        e.StepFinished(now, STEP, e.StepStatus.DONE, 1, "made", {}, (old,)),
        e.RunFinished(now, e.RunStatus.DONE),
    ):
        record.apply(event)
    return record


@pytest.fixture
def ceremony(earlier, memo, clock, tmp_path, monkeypatch):
    """``ceremony(password, follow, memo, record)``: what was told, and what the journal holds."""
    monkeypatch.setattr(module, "READ_EVERY_S", 0.01)

    def carry_out(password, follow=lambda news, work: None, kept=None, record=None):
        kept, told = kept or memo(), []
        work = FirstSignIn(password, record or earlier, open_journal=lambda: nullcontext(kept), clock=clock)

        def tell(news):
            told.append(news)
            follow(news, work)

        try:
            work.run(tell)
        except Problem as problem:
            told.append(problem)
        return told, kept.kept

    return carry_out


def taken(password, after=1):
    """AWS has the lasting password from the look on that follows ``after`` of them."""

    def follow(news, work):
        if isinstance(news, PasswordChecked):
            password.reset = password.did.count("look") <= after

    return follow


def after(earlier, kept):
    record = RunRecord()
    for name in RunRecord.__slots__:
        setattr(record, name, getattr(earlier, name))
    for event in kept:
        record.apply(event)
    return record


def test_it_seals_then_looks_until_aws_has_it_then_removes_the_old_envelopes(ceremony, earlier, tmp_path):
    password = ToyPassword(directory=tmp_path)
    told, kept = ceremony(password, taken(password, after=3))
    assert password.did[:2] == ["look", "make"]
    assert password.did[-1] == "retire"
    assert [type(event) for event in kept] == [r.EnvelopeStarted, e.PermanentPasswordSealed, r.FirstSignInDone]
    looks = [news.pending for news in told if isinstance(news, PasswordChecked)]
    assert looks[-1] is False
    assert set(looks[:-1]) == {True}
    record = after(earlier, kept)
    assert [envelope.path for envelope in record.envelopes] == [str(tmp_path / "bg.password.lasting.age")]
    assert not awaits_first_sign_in(record)


def test_what_is_told_is_in_the_journal_before(ceremony, memo, tmp_path):
    kept, password = memo(), ToyPassword(directory=tmp_path)

    def follow(news, work):
        if not isinstance(news, PasswordChecked):
            assert kept.kept[-1] is news
        taken(password)(news, work)

    told, _ = ceremony(password, follow, kept)
    assert any(isinstance(news, r.FirstSignInDone) for news in told)


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_what_cannot_be_recorded_is_not_done(ceremony, memo, tmp_path, fails_at):
    password = ToyPassword(directory=tmp_path)
    told, kept = ceremony(password, taken(password), memo(fails_at=fails_at))
    assert told[-1].code == "JournalUnwritable"
    assert len(kept) == fails_at - 1
    assert "retire" not in password.did
    assert (tmp_path / "bg.password.lasting.age").exists() is (fails_at > 1)
    # The password is for the operator's eyes once its envelope is on record.
    assert any(isinstance(news, PasswordChecked) for news in told) is (fails_at > 2)


def test_a_read_that_fails_is_told_and_the_next_one_is_tried(ceremony, tmp_path):
    password = ToyPassword(directory=tmp_path)

    def follow(news, work):
        if isinstance(news, PasswordChecked):
            password.reset = [DENIED, True, False][min(password.did.count("look") - 2, 2)]

    told, _ = ceremony(password, follow)
    looks = [(news.pending, news.problem) for news in told if isinstance(news, PasswordChecked)]
    assert looks == [(True, None), (True, DENIED), (True, None), (False, None)]


def test_a_password_that_was_changed_before_anything_was_sealed_is_not_taken_for_ours(ceremony, tmp_path):
    password = ToyPassword(directory=tmp_path, reset=False)
    told, kept = ceremony(password)
    assert told[-1].code == "ChangedAlready"
    assert (kept, password.did) == ([], ["look"])


def test_what_nothing_seals_waits_for_the_operator_and_is_never_asked_for_twice(ceremony, earlier):
    password, seen = ToyPassword(), []

    def follow(news, work):
        if isinstance(news, StoragePending):
            seen.append(work.permanent.reveal())
            work.confirm_stored()
        elif isinstance(news, PasswordChecked):
            work.stop()

    _, kept = ceremony(password, follow)
    assert seen == [NEW]
    assert [event.envelopes for event in kept] == [()]
    again = ToyPassword(reset=False)
    told, _ = ceremony(again, record=after(earlier, kept))
    assert again.did == ["look", "retire"]
    assert not any(isinstance(news, StoragePending) for news in told)


def test_what_was_sealed_in_an_earlier_process_is_not_replaced(ceremony, earlier, tmp_path):
    _, kept = ceremony(ToyPassword(directory=tmp_path), lambda news, work: work.stop())
    assert isinstance(kept[-1], e.PermanentPasswordSealed)
    again = ToyPassword(directory=tmp_path)
    ceremony(again, lambda news, work: work.stop(), record=after(earlier, kept))
    assert again.did == ["look"]


@pytest.mark.parametrize(("reset", "did"), [(True, ["look", "make", "look"]), (False, ["look"])])
def test_a_lasting_envelope_that_is_gone_is_made_anew_while_aws_has_not_heard_of_it(
    ceremony, earlier, tmp_path, reset, did
):
    _, kept = ceremony(ToyPassword(directory=tmp_path), lambda news, work: work.stop())
    (tmp_path / "bg.password.lasting.age").unlink()
    again = ToyPassword(directory=tmp_path, reset=reset)
    told, _ = ceremony(again, lambda news, work: work.stop(), record=after(earlier, kept))
    assert again.did == did
    assert (told[-1].code == "EnvelopeLost") if not reset else isinstance(told[-1], PasswordChecked)


def test_an_envelope_that_goes_while_it_is_waited_for_is_not_recorded_as_the_password(ceremony, tmp_path):
    password = ToyPassword(directory=tmp_path)

    def follow(news, work):
        if isinstance(news, PasswordChecked):
            (tmp_path / "bg.password.lasting.age").unlink(missing_ok=True)
            password.reset = False

    told, kept = ceremony(password, follow)
    assert told[-1].code == "EnvelopeLost"
    assert "retire" not in password.did
    assert not any(isinstance(event, r.FirstSignInDone) for event in kept)


def test_old_envelopes_that_stay_are_told_and_the_sign_in_counts(ceremony, earlier, tmp_path):
    password = ToyPassword(directory=tmp_path, fails={"retire": Problem("The envelope is still there.", next="rm")})
    told, kept = ceremony(password, taken(password))
    assert told[-1].next == "rm"
    assert after(earlier, kept).signed_in_at is not None


def test_leaving_before_it_begins_makes_nothing(earlier, clock, memo, tmp_path):
    password, kept = ToyPassword(directory=tmp_path), memo()
    work = FirstSignIn(password, earlier, open_journal=lambda: nullcontext(kept), clock=clock)
    work.stop()
    work.run(lambda news: None)
    assert (password.did, kept.kept) == (["look"], [])


def test_a_run_that_has_gone_on_since_is_not_written_to(fake_cloud, store, earlier, clock):
    with store.open_journal(earlier.header) as journal:
        journal.write(e.RunStarted(clock.now(), earlier.header, ()))
    fake_cloud.permanent_password = lambda setup: ToyPassword()
    work = first_sign_in(fake_cloud, None, StoredRun(earlier.header.id, earlier, length=7), store, clock)
    with pytest.raises(Problem) as caught:
        work.run(lambda news: None)
    assert caught.value.code == "GoneOn"


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (lambda record: None, True),
        (lambda record: setattr(record, "status", e.RunStatus.INCOMPLETE), False),
        (lambda record: setattr(record, "signed_in_at", record.started_at), False),
        (lambda record: record.steps.clear(), False),
        (lambda record: record.header.request.update(password_reset_required=False), False),
        (lambda record: setattr(record.steps[STEP], "status", e.StepStatus.UNDONE), False),
    ],
)
def test_it_is_due_after_a_run_that_gave_a_temporary_password(earlier, change, due):
    change(earlier)
    assert awaits_first_sign_in(earlier) is due
