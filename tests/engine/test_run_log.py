"""The run log: what is appended before an event must be durable, what is appended after is always applied."""

from __future__ import annotations

import threading

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.run_log import RunLog

OP = "iam:CreateAccessKey"
STEP, CHECK = e.CallSource.STEP, e.CallSource.CHECK


def started(at, attempt=1, source=STEP):
    return e.CallStarted(at, source, "access-key", OP, attempt)


def finished(at, source=STEP, **of):
    return e.CallFinished(at, source, "access-key", Call(OP, **of))


@pytest.fixture
def at(events):
    return events[0].at


def test_an_event_that_cannot_be_recorded_is_refused_and_not_applied(memo, at):
    run_log = RunLog()
    run_log.persist_with(memo(fails_at=1).write)
    with pytest.raises(Problem):
        run_log.append_before(started(at))
    assert run_log.broken.code == "JournalUnwritable"
    assert not run_log.sent(OP)
    assert run_log.unanswered(OP) == 0


def test_an_event_that_has_happened_is_applied_even_if_it_cannot_be_recorded(memo, at):
    run_log = RunLog()
    run_log.persist_with(memo(fails_at=1).write)
    run_log.append_after(r.FactLearned(at, "access-key", "access_key_id", "AKIA1"))
    assert run_log.facts == {"access_key_id": "AKIA1"}
    assert run_log.broken is not None


def test_the_first_problem_is_the_one_that_is_reported(memo, at):
    reasons = iter([Problem("first"), Problem("second")])

    def refuse(_):
        raise next(reasons)

    run_log = RunLog()
    run_log.persist_with(refuse)
    run_log.append_after(started(at))
    run_log.append_after(started(at))
    assert run_log.broken.what == "first"


@pytest.mark.parametrize(
    ("sequence", "unanswered"),
    [
        (lambda at: [started(at)], 1),
        (lambda at: [started(at), finished(at)], 0),
        (lambda at: [started(at), finished(at, error="AccessDenied")], 0),
        (lambda at: [started(at), finished(at, error="ConnectionClosedError", lost=True)], 1),
        (lambda at: [started(at), finished(at, lost=True), started(at), finished(at)], 1),
        (lambda at: [started(at), finished(at, lost=True), r.CallSettled(at, "access-key", OP, "made")], 0),
        (lambda at: [started(at), e.CallDelayed(at, STEP, "access-key", OP, "Throttling", 1.0), started(at, 2)], 1),
        (lambda at: [started(at, source=CHECK)], 0),
        (lambda at: [finished(at)], 0),
    ],
)
def test_unanswered_counts_requests_with_an_unknown_result(at, sequence, unanswered):
    run_log = RunLog()
    for event in sequence(at):
        run_log.append_after(event)
    assert run_log.unanswered(OP) == unanswered
    assert run_log.unanswered("iam:Other") == 0


def test_it_returns_what_earlier_processes_recorded(bench, header, events, at):
    earlier = bench.replay(events)
    run_log = RunLog(earlier)
    assert run_log.unmanaged == {"AKIA2"}
    assert run_log.envelopes == {"/x/bg.access-key.age"}
    assert run_log.secret_stored("access-key")
    assert not run_log.secret_stored("login-profile")
    assert run_log.facts["user_id"] == "A"
    assert run_log.started_earlier("create-user")
    assert not run_log.started_earlier("access-key")


def test_a_step_that_starts_in_this_process_did_not_start_earlier(events, at):
    run_log = RunLog()
    run_log.append_after(events[0])
    run_log.append_after(e.StepStarted(at, "create-user"))
    assert not run_log.started_earlier("create-user")


def test_events_of_many_threads_are_recorded_in_the_order_in_which_they_are_applied(memo, events, at):
    kept, taken = memo(), []
    run_log = RunLog()
    run_log.persist_with(kept.write)
    run_log.append_after(events[0])
    real = run_log.record.apply
    together = threading.Barrier(6, timeout=20)

    class Watched:
        def __getattr__(self, name):
            return getattr(record, name)

        def apply(self, event):
            taken.append(event)
            real(event)

    record, run_log.record = run_log.record, Watched()

    def work(name):
        together.wait()
        for number in range(50):
            run_log.append_after(r.FactLearned(at, "access-key", name, str(number)))
            run_log.append_before(started(at))
            run_log.facts  # noqa: B018 - a read while other threads write

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.kept[1:] == taken
    assert run_log.unanswered(OP) == 300
    assert set(run_log.facts.values()) == {"49"}
