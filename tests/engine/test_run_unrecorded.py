"""The journal fails at any event of a run: nothing more is sent, nothing is undone, and the status is true."""

from __future__ import annotations

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.plan import StepOutcome

EVENTS = 15
"""The number of lines in a complete journal of ``bench.run(steps)`` below."""
UNDO_EVENTS = 11


@pytest.fixture
def sent():
    """The requests that were sent, in order."""
    return []


@pytest.fixture
def steps(fake_step, sent):
    def calls(*operations, fact=None):
        def work(context):
            for operation in operations:
                context.call_started(operation, 1)
                sent.append(operation)
                if fact:
                    context.fact_learned(*fact)
                context.call_finished(Call(operation))
            return StepOutcome("ok", dict([fact]) if fact else {})

        return work

    user = fake_step("user", work=calls("iam:CreateUser", fact=("user_id", "A")), unwork=calls("iam:DeleteUser"))
    key = fake_step(
        "key", frozenset({"user"}), work=calls("iam:CreateAccessKey", "iam:Tag"), unwork=calls("iam:DeleteAccessKey")
    )
    return [user, key]


def whole(bench, memo, steps):
    kept = memo()
    bench.consume(bench.run(steps, kept))
    return kept


def test_the_numbers_below_are_those_of_a_complete_run(bench, memo, steps):
    kept = whole(bench, memo, steps)
    assert len(kept.kept) == EVENTS
    earlier, undo = bench.replay(kept.kept), memo()
    bench.consume(bench.run(steps, undo, earlier=earlier, purpose="undo"))
    assert len(undo.kept) == UNDO_EVENTS


@pytest.mark.parametrize("number", range(1, EVENTS + 1))
def test_after_an_event_that_cannot_be_recorded_nothing_is_sent_and_nothing_undone(bench, memo, steps, sent, number):
    complete = [type(event).__name__ for event in whole(bench, memo, steps).kept]
    sent.clear()
    kept = memo(fails_at=number)
    record, seen = bench.consume(bench.run(steps, kept))

    recorded = [event.operation for event in kept.kept if isinstance(event, e.CallStarted)]
    assert sent == recorded
    assert not [event for event in seen if isinstance(event, e.UndoStarted)]
    assert [type(event).__name__ for event in kept.kept] == complete[: number - 1]
    may_exist = any(isinstance(event, e.StepStarted) for event in kept.kept)
    if number == EVENTS:
        assert record.status is e.RunStatus.DONE  # Every step was done and recorded.
        return
    assert record.status is (e.RunStatus.INCOMPLETE if may_exist else e.RunStatus.UNDONE)
    assert exit_of(record) is (ExitCode.INCOMPLETE if may_exist else ExitCode.UNDONE)
    assert record.problem.code == "JournalUnwritable"


@pytest.mark.parametrize("number", range(1, EVENTS))
def test_another_process_resumes_from_the_record_and_repeats_no_done_request(bench, memo, steps, sent, number):
    kept = memo(fails_at=number)
    bench.consume(bench.run(steps, kept))
    earlier = bench.replay(kept.kept)
    if not earlier.may_exist:
        return
    record, _ = bench.consume(bench.run(steps, earlier=earlier), earlier)
    assert record.status is e.RunStatus.DONE
    done = [event.step for event in kept.kept if isinstance(event, e.StepFinished) and event.status == "done"]
    if "user" in done:
        assert sent.count("iam:CreateUser") == 1


@pytest.mark.parametrize("number", range(1, UNDO_EVENTS))
def test_an_undo_that_cannot_be_recorded_removes_nothing_more(bench, memo, steps, sent, number):
    earlier = bench.replay(whole(bench, memo, steps).kept)
    sent.clear()
    kept = memo(fails_at=number)
    record, _ = bench.consume(bench.run(steps, kept, earlier=earlier, purpose="undo"), earlier)
    assert sent == [event.operation for event in kept.kept if isinstance(event, e.CallStarted)]
    if number < UNDO_EVENTS - 2:  # This process knows what the last step removed, even if it is not recorded.
        assert record.status is e.RunStatus.INCOMPLETE
        assert exit_of(record) is ExitCode.INCOMPLETE


def test_a_stop_with_undo_keeps_everything_when_nothing_can_be_recorded(bench, memo, steps, sent):
    kept = memo()
    run = bench.run(steps, kept)

    def full(context):
        kept.fails_at = kept.tried + 1
        run.stop("undo")
        context.note("full")

    steps[0].work = full
    record, seen = bench.consume(run)
    assert not [event for event in seen if isinstance(event, e.UndoStarted)]
    assert record.status is e.RunStatus.INCOMPLETE


def test_a_failed_step_is_not_undone_when_nothing_can_be_recorded(bench, memo, steps, sent):
    kept = memo()

    def fail(context):
        kept.fails_at = kept.tried + 1
        context.note("full")
        raise Problem("AWS refused.", kind=Kind.REFUSED)

    steps[1].work = fail
    record, _ = bench.consume(bench.run(steps, kept))
    assert sent == ["iam:CreateUser"]
    assert record.status is e.RunStatus.INCOMPLETE
    assert [step.id for step in record.may_exist] == ["user", "key"]
