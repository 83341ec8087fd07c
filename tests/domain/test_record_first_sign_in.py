"""The envelopes in a run's record before, during and after the first sign-in."""

from __future__ import annotations

from datetime import UTC, datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.record import RunRecord

NOW = datetime(2026, 11, 22, tzinfo=UTC)
STEP = "login-profile"


def envelope(name):
    return e.EnvelopeInfo(f"/x/{name}.age", ("password",), ("age",), "00ff")


OLD, KEY, NEW, NEWER = (envelope(name) for name in ("bg.password", "bg.access-key", "new", "newer"))


def record_of(header, *events):
    record = RunRecord()
    record.apply(e.RunStarted(NOW, header, (e.StepBrief(STEP, "Console"), e.StepBrief("access-key", "Key"))))
    for step, kept in ((STEP, OLD), ("access-key", KEY)):
        record.apply(e.StepFinished(NOW, step, e.StepStatus.DONE, envelopes=(kept,)))
    for event in events:
        record.apply(event)
    return record


def test_a_journal_without_a_first_sign_in_has_no_permanent_password(header):
    record = record_of(header)
    assert (record.permanent, record.signed_in_at) == (None, None)
    assert record.envelopes == [OLD, KEY]


def test_before_the_confirmation_the_run_has_the_envelopes_of_both_passwords(header):
    record = record_of(header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)))
    assert record.envelopes == [OLD, KEY, NEW]
    assert record.steps[STEP].envelopes == (OLD, NEW)
    assert record.permanent == (NEW,)


def test_a_second_permanent_password_replaces_the_envelopes_of_the_first(header):
    record = record_of(
        header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)), e.PermanentPasswordSealed(NOW, STEP, (NEWER,))
    )
    assert record.envelopes == [OLD, KEY, NEWER]
    assert record.steps[STEP].envelopes == (OLD, NEWER)


def test_after_the_confirmation_only_the_permanent_envelopes_and_those_of_other_steps_remain(header):
    record = record_of(header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)), r.FirstSignInDone(NOW, STEP))
    assert record.envelopes == [KEY, NEW]
    assert record.steps[STEP].envelopes == (NEW,)
    assert record.signed_in_at == NOW
    assert record.steps[STEP].is_done


def test_a_password_that_the_operator_stored_leaves_no_envelope(header):
    record = record_of(header, e.PermanentPasswordSealed(NOW, STEP), r.FirstSignInDone(NOW, STEP))
    assert record.envelopes == [KEY]
    assert record.permanent == ()


def test_the_calls_of_the_encryption_do_not_remain_as_the_activity_of_the_step(header):
    calling = e.CallStarted(NOW, e.CallSource.STEP, STEP, "kms:Encrypt", 1)
    assert record_of(header, calling, e.PermanentPasswordSealed(NOW, STEP, (NEW,))).steps[STEP].doing == ""


def test_an_undo_removes_the_permanent_envelopes_too(header):
    made = (e.PermanentPasswordSealed(NOW, STEP, (NEW,)), r.FirstSignInDone(NOW, STEP))
    undo = (e.RunResumed(NOW, "undo"), e.UndoStarted(NOW, "asked for", (STEP,)), e.StepUndone(NOW, STEP))
    assert record_of(header, *made, *undo).envelopes == [KEY]


def test_a_restarted_run_has_no_first_sign_in(header):
    record = record_of(
        header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)), r.FirstSignInDone(NOW, STEP), e.RunResumed(NOW, "anew")
    )
    assert (record.permanent, record.signed_in_at) == (None, None)
