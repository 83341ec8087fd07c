"""The first sign-in without AWS: the order of sealing and recording, and where it can stop."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from toy_password import NEW, ToyPassword

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.engine import first_sign_in as module
from breakglass_tui.engine.first_sign_in import (
    FirstSignIn,
    PasswordChecked,
    StoragePending,
    awaits_first_sign_in,
    first_sign_in,
)
from breakglass_tui.engine.stored_run import StoredRun

STEP = "login-profile"
DENIED = Problem("Not allowed.", kind=Kind.REFUSED, code="AccessDenied")


@pytest.fixture
def earlier(header, clock):
    """The record of a run that set a temporary password for its user."""
    request = {**header.request, "access": "console", "password_reset_required": True}
    header = RunHeader(header.id, header.account_id, header.caller_arn, header.region, header.demo, request)
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
def run_sign_in(earlier, memo, clock, tmp_path, monkeypatch):
    """``run_sign_in(password, follow, memo, record)`` returns the emitted events, and those in the journal."""
    monkeypatch.setattr(module, "READ_EVERY_S", 0.01)

    def run(password, follow=lambda news, work: None, kept=None, record=None):
        kept, emitted = kept or memo(), []
        work = FirstSignIn(password, record or earlier, open_journal=lambda: nullcontext(kept), clock=clock)

        def emit(news):
            emitted.append(news)
            follow(news, work)

        try:
            work.run(emit)
        except Problem as problem:
            emitted.append(problem)
        return emitted, kept.kept

    return run


def confirmed_after(password, after=1):
    """Return a callback: AWS has the permanent password after ``after`` reads."""

    def follow(news, work):
        if isinstance(news, PasswordChecked):
            password.reset = password.did.count("read") <= after

    return follow


def after(earlier, kept):
    record = RunRecord()
    for name in RunRecord.__slots__:
        setattr(record, name, getattr(earlier, name))
    for event in kept:
        record.apply(event)
    return record


def test_it_seals_then_reads_until_aws_has_the_password_then_removes_the_old_envelopes(run_sign_in, earlier, tmp_path):
    password = ToyPassword(directory=tmp_path)
    emitted, kept = run_sign_in(password, confirmed_after(password, after=3))
    assert password.did[:2] == ["read", "create"]
    assert password.did[-1] == "remove"
    assert [type(event) for event in kept] == [r.EnvelopeStarted, e.PermanentPasswordSealed, r.FirstSignInDone]
    reads = [news.pending for news in emitted if isinstance(news, PasswordChecked)]
    assert reads[-1] is False
    assert set(reads[:-1]) == {True}
    record = after(earlier, kept)
    assert [envelope.path for envelope in record.envelopes] == [str(tmp_path / "bg.password.lasting.age")]
    assert not awaits_first_sign_in(record)


def test_an_event_is_in_the_journal_before_it_is_emitted(run_sign_in, memo, tmp_path):
    kept, password = memo(), ToyPassword(directory=tmp_path)

    def follow(news, work):
        if not isinstance(news, PasswordChecked):
            assert kept.kept[-1] is news
        confirmed_after(password)(news, work)

    emitted, _ = run_sign_in(password, follow, kept)
    assert any(isinstance(news, r.FirstSignInDone) for news in emitted)


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_what_cannot_be_recorded_is_not_done(run_sign_in, memo, tmp_path, fails_at):
    password = ToyPassword(directory=tmp_path)
    emitted, kept = run_sign_in(password, confirmed_after(password), memo(fails_at=fails_at))
    assert emitted[-1].code == "JournalUnwritable"
    assert len(kept) == fails_at - 1
    assert "remove" not in password.did
    assert (tmp_path / "bg.password.lasting.age").exists() is (fails_at > 1)
    # The operator can see the password once its envelope is recorded.
    assert any(isinstance(news, PasswordChecked) for news in emitted) is (fails_at > 2)


def test_a_failed_read_is_reported_and_the_next_one_is_tried(run_sign_in, tmp_path):
    password = ToyPassword(directory=tmp_path)

    def follow(news, work):
        if isinstance(news, PasswordChecked):
            password.reset = [DENIED, True, False][min(password.did.count("read") - 2, 2)]

    emitted, _ = run_sign_in(password, follow)
    reads = [(news.pending, news.problem) for news in emitted if isinstance(news, PasswordChecked)]
    assert reads == [(True, None), (True, DENIED), (True, None), (False, None)]


def test_a_password_changed_before_any_sealing_does_not_count_as_the_sealed_one(run_sign_in, tmp_path):
    password = ToyPassword(directory=tmp_path, reset=False)
    emitted, kept = run_sign_in(password)
    assert emitted[-1].code == "ChangedAlready"
    assert (kept, password.did) == ([], ["read"])


def test_a_password_without_a_seal_waits_for_the_operator_once(run_sign_in, earlier):
    password, seen = ToyPassword(), []

    def follow(news, work):
        if isinstance(news, StoragePending):
            seen.append(work.permanent.reveal())
            work.confirm_stored()
        elif isinstance(news, PasswordChecked):
            work.stop()

    _, kept = run_sign_in(password, follow)
    assert seen == [NEW]
    assert [event.envelopes for event in kept] == [()]
    again = ToyPassword(reset=False)
    emitted, _ = run_sign_in(again, record=after(earlier, kept))
    assert again.did == ["read", "remove"]
    assert not any(isinstance(news, StoragePending) for news in emitted)


def test_a_password_sealed_by_an_earlier_process_is_not_replaced(run_sign_in, earlier, tmp_path):
    _, kept = run_sign_in(ToyPassword(directory=tmp_path), lambda news, work: work.stop())
    assert isinstance(kept[-1], e.PermanentPasswordSealed)
    again = ToyPassword(directory=tmp_path)
    run_sign_in(again, lambda news, work: work.stop(), record=after(earlier, kept))
    assert again.did == ["read"]


@pytest.mark.parametrize(("reset", "did"), [(True, ["read", "create", "read"]), (False, ["read"])])
def test_a_lost_permanent_envelope_is_created_again_while_aws_does_not_have_the_password(
    run_sign_in, earlier, tmp_path, reset, did
):
    _, kept = run_sign_in(ToyPassword(directory=tmp_path), lambda news, work: work.stop())
    (tmp_path / "bg.password.lasting.age").unlink()
    again = ToyPassword(directory=tmp_path, reset=reset)
    emitted, _ = run_sign_in(again, lambda news, work: work.stop(), record=after(earlier, kept))
    assert again.did == did
    assert (emitted[-1].code == "EnvelopeLost") if not reset else isinstance(emitted[-1], PasswordChecked)


def test_an_envelope_lost_during_the_wait_is_not_recorded_as_the_password(run_sign_in, tmp_path):
    password = ToyPassword(directory=tmp_path)

    def follow(news, work):
        if isinstance(news, PasswordChecked):
            (tmp_path / "bg.password.lasting.age").unlink(missing_ok=True)
            password.reset = False

    emitted, kept = run_sign_in(password, follow)
    assert emitted[-1].code == "EnvelopeLost"
    assert "remove" not in password.did
    assert not any(isinstance(event, r.FirstSignInDone) for event in kept)


def test_old_envelopes_that_remain_are_a_problem_and_the_sign_in_counts(run_sign_in, earlier, tmp_path):
    password = ToyPassword(directory=tmp_path, fails={"remove": Problem("The envelope is still there.", next="rm")})
    emitted, kept = run_sign_in(password, confirmed_after(password))
    assert emitted[-1].next == "rm"
    assert after(earlier, kept).signed_in_at is not None


def test_a_stop_before_the_start_creates_nothing(earlier, clock, memo, tmp_path):
    password, kept = ToyPassword(directory=tmp_path), memo()
    work = FirstSignIn(password, earlier, open_journal=lambda: nullcontext(kept), clock=clock)
    work.stop()
    work.run(lambda news: None)
    assert (password.did, kept.kept) == (["read"], [])


def test_a_run_that_has_changed_since_is_not_written_to(fake_cloud, store, earlier, clock):
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
def test_it_is_due_after_a_run_that_set_a_temporary_password(earlier, change, due):
    change(earlier)
    assert awaits_first_sign_in(earlier) is due
