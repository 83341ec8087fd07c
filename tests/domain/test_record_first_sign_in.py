"""Which envelopes are a run's before, during and after the first sign-in."""

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


def folded(header, *events):
    record = RunRecord()
    record.apply(e.RunStarted(NOW, header, (e.StepBrief(STEP, "Console"), e.StepBrief("access-key", "Key"))))
    for step, kept in ((STEP, OLD), ("access-key", KEY)):
        record.apply(e.StepFinished(NOW, step, e.StepStatus.DONE, envelopes=(kept,)))
    for event in events:
        record.apply(event)
    return record


def test_a_journal_without_it_reads_as_before(header):
    record = folded(header)
    assert (record.permanent, record.signed_in_at) == (None, None)
    assert record.envelopes == [OLD, KEY]


def test_while_it_is_not_confirmed_the_envelopes_of_both_passwords_are_the_runs(header):
    record = folded(header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)))
    assert record.envelopes == [OLD, KEY, NEW]
    assert record.steps[STEP].envelopes == (OLD, NEW)
    assert record.permanent == (NEW,)


def test_what_is_sealed_once_more_takes_the_place_of_what_was_sealed_for_this_before(header):
    record = folded(
        header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)), e.PermanentPasswordSealed(NOW, STEP, (NEWER,))
    )
    assert record.envelopes == [OLD, KEY, NEWER]
    assert record.steps[STEP].envelopes == (OLD, NEWER)


def test_once_it_is_confirmed_only_the_lasting_ones_are_left_and_other_steps_keep_theirs(header):
    record = folded(header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)), r.FirstSignInDone(NOW, STEP))
    assert record.envelopes == [KEY, NEW]
    assert record.steps[STEP].envelopes == (NEW,)
    assert record.signed_in_at == NOW
    assert record.steps[STEP].is_done


def test_a_password_that_the_operator_stored_leaves_no_envelope(header):
    record = folded(header, e.PermanentPasswordSealed(NOW, STEP), r.FirstSignInDone(NOW, STEP))
    assert record.envelopes == [KEY]
    assert record.permanent == ()


def test_calls_of_the_sealing_do_not_stay_on_the_line_of_the_step(header):
    calling = e.CallStarted(NOW, e.CallSource.STEP, STEP, "kms:Encrypt", 1)
    assert folded(header, calling, e.PermanentPasswordSealed(NOW, STEP, (NEW,))).steps[STEP].doing == ""


def test_an_undo_drops_the_lasting_ones_too(header):
    made = (e.PermanentPasswordSealed(NOW, STEP, (NEW,)), r.FirstSignInDone(NOW, STEP))
    undo = (e.RunResumed(NOW, "undo"), e.UndoStarted(NOW, "asked for", (STEP,)), e.StepUndone(NOW, STEP))
    assert folded(header, *made, *undo).envelopes == [KEY]


def test_what_is_carried_out_anew_has_no_first_sign_in_behind_it(header):
    record = folded(
        header, e.PermanentPasswordSealed(NOW, STEP, (NEW,)), r.FirstSignInDone(NOW, STEP), e.RunResumed(NOW, "anew")
    )
    assert (record.permanent, record.signed_in_at) == (None, None)
