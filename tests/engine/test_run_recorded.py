"""The events of a run and of its journal are the same, and they are on the disk before they are yielded."""

from __future__ import annotations

import threading

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.record import RunRecord


def busy(context):
    for number in range(30):
        context.call_started("iam:Make", number + 1)
        context.note(f"{number}")
        context.call_finished(Call("iam:Make", f"{context.id}-{number}"))


def of_step(events, step):
    return [event for event in events if step in (getattr(event, "step", ""), getattr(event, "id", ""))]


def test_each_event_is_recorded_before_it_is_yielded_and_in_the_order_of_its_step(bench, memo, fake_step):
    kept = memo()
    steps = [fake_step(id, work=lambda context: busy(context) or None) for id in ("a", "b", "c", "d")]

    def recorded(event):
        assert any(event is line for line in kept.kept)

    _, seen = bench.consume(bench.run(steps, kept), on=recorded)
    assert len(seen) == len(kept.kept)
    for step in steps:
        assert of_step(seen, step.id) == of_step(kept.kept, step.id)


def test_the_journal_alone_gives_the_same_record(bench, memo, fake_step):
    kept = memo()
    steps = [fake_step(id, work=lambda context: busy(context) or None) for id in ("a", "b")]
    record, _ = bench.consume(bench.run(steps, kept))
    again: RunRecord = bench.replay(kept.kept)
    assert again.recovery == record.recovery
    assert (again.status, again.facts, again.envelopes) == (record.status, record.facts, record.envelopes)
    assert [step.id for step in again.may_exist] == [step.id for step in record.may_exist]


def test_a_request_is_on_the_disk_before_it_is_sent(bench, memo, fake_step):
    kept, sent_after = memo(), []

    def send(context):
        context.call_started("iam:CreateUser", 1)
        sent_after.append(list(kept.kept))

    bench.consume(bench.run([fake_step("a", work=send)], kept))
    assert sent_after[0][-1].operation == "iam:CreateUser"


def test_a_consumer_that_stops_reading_blocks_no_step(bench, memo, fake_step):
    """The queue accepts events without a reader, so a step never waits for a screen."""
    done = threading.Event()

    def work(context):
        busy(context)
        done.set()

    events = bench.run([fake_step("a", work=work)], memo()).events()
    for event in events:
        if isinstance(event, e.StepStarted):
            break
    next(events)
    assert done.wait(20)
    events.close()


def test_an_answer_after_the_end_is_refused(bench, memo, fake_step):
    kept = memo()
    run = bench.run([fake_step("a")], kept)
    bench.consume(run)
    lines = len(kept.kept)
    assert run.answer(1, answer=True) is False
    run.stop("undo")
    assert len(kept.kept) == lines
