from __future__ import annotations

import threading
from contextlib import nullcontext

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine.plan import Plan, StepOutcome
from breakglass_tui.engine.run import Run
from breakglass_tui.secrets.secret import Secret

REFUSED = Problem("AWS refused iam:PutUserPolicy.", kind=Kind.REFUSED)
USER = frozenset({"user"})


@pytest.fixture
def log():
    return []


def run_of(header, clock, steps, preflight=()):
    return Run(
        Plan(tuple(steps)), header, open_journal=lambda: nullcontext(NoJournal()), preflight=preflight, clock=clock
    )


class NoJournal:
    """A journal that stores nothing, for tests that do not need it."""

    def write(self, event):
        pass


def consume(run, on=None):
    """Return the record and the events of ``run``. ``on`` is called with each event."""
    record, seen = RunRecord(), []
    for event in run.events():
        record.apply(event)
        seen.append(event)
        if on:
            on(event)
    return record, seen


def statuses(record):
    return {step.id: step.status.value for step in record.steps.values()}


def refuse(context):
    raise REFUSED


def test_a_run_runs_every_step_and_passes_facts_to_the_next(header, clock, fake_step, log):
    got = {}
    user = fake_step("user", work=lambda context: StepOutcome("made", {"user_id": "AIDA1"}), log=log)
    key = fake_step("key", USER, work=lambda context: got.update(context.facts), log=log)
    record, seen = consume(run_of(header, clock, [user, key]))
    assert record.status is e.RunStatus.DONE
    assert got == {"user_id": "AIDA1"}
    assert log == ["apply user", "apply key"]
    assert isinstance(seen[0], e.RunStarted)
    assert isinstance(seen[-1], e.RunFinished)


def test_the_steps_have_the_order_of_the_review(header, clock, fake_step):
    steps = [fake_step("user"), fake_step("policy", frozenset({"key"})), fake_step("key", USER)]
    record, _ = consume(run_of(header, clock, steps))
    assert list(record.steps) == ["user", "key", "policy"]


def test_steps_whose_needs_are_met_run_at_the_same_time(header, clock, fake_step):
    # Each step waits for the other two. Steps that ran one after the other would break the barrier.
    together = threading.Barrier(3, timeout=20)
    steps = [fake_step(name, work=lambda context: together.wait() and None) for name in "abc"]
    record, _ = consume(run_of(header, clock, steps))
    assert record.status is e.RunStatus.DONE


def test_a_failed_step_rolls_back_in_reverse_order_and_skips_the_rest(header, clock, fake_step, log):
    user = fake_step("user", log=log)
    policy = fake_step("policy", USER, work=refuse, log=log)
    group = fake_step("group", frozenset({"policy"}), log=log)
    record, _ = consume(run_of(header, clock, [user, policy, group]))
    assert log == ["apply user", "apply policy", "undo policy", "undo user"]
    assert statuses(record) == {"user": "undone", "policy": "undone", "group": "skipped"}
    assert record.status is e.RunStatus.UNDONE
    assert record.problem is REFUSED


def test_what_cannot_be_undone_makes_the_run_incomplete_and_the_rest_is_undone(header, clock, fake_step, log):
    user = fake_step("user", log=log)
    key = fake_step("key", USER, unwork=refuse, log=log)
    policy = fake_step("policy", frozenset({"key"}), work=refuse, log=log)
    record, _ = consume(run_of(header, clock, [user, key, policy]))
    assert log[-3:] == ["undo policy", "undo key", "undo user"]
    assert record.status is e.RunStatus.INCOMPLETE
    assert record.not_removed == (REFUSED,)


def test_an_unexpected_exception_becomes_a_problem_without_its_text_and_is_rolled_back(header, clock, fake_step, log):
    def burst(context):
        raise ValueError("hunter2")

    record, seen = consume(run_of(header, clock, [fake_step("user", work=burst, log=log)]))
    assert record.status is e.RunStatus.UNDONE
    assert "ValueError at test_run.py" in record.problem.why
    assert "hunter2" not in repr(seen) + str(record.problem)
    assert log == ["apply user", "undo user"]


def test_running_steps_end_before_the_undo_starts(header, clock, fake_step, log):
    failed = threading.Event()

    def slow(context):
        assert failed.wait(20)

    def fail(context):
        failed.set()
        raise REFUSED

    steps = [fake_step("slow", work=slow, log=log), fake_step("bad", work=fail, log=log)]
    _, seen = consume(run_of(header, clock, steps))
    kinds = [type(event) for event in seen]
    ends = [n for n, kind in enumerate(kinds) if kind is e.StepFinished]
    assert max(ends) < kinds.index(e.UndoStarted)
    assert log[-2:] == ["undo bad", "undo slow"]


def stopping(run, step, after):
    """Return a callback that stops the run when ``step`` has started."""

    def on(event):
        if isinstance(event, e.StepStarted) and event.step == step:
            run.stop(after)

    return on


def test_stop_and_undo_lets_the_call_in_flight_finish_and_rolls_back_everything(header, clock, fake_step, log):
    run = run_of(header, clock, [fake_step("user", log=log), fake_step("key", USER, log=log)])
    record, _ = consume(run, stopping(run, "user", "undo"))
    assert log == ["apply user", "undo user"]
    assert statuses(record) == {"user": "undone", "key": "cancelled"}
    assert (record.status, record.stopped, record.problem) == (e.RunStatus.UNDONE, True, None)


def test_stop_and_keep_undoes_nothing_and_reports_an_incomplete_run(header, clock, fake_step, log):
    run = run_of(header, clock, [fake_step("user", log=log), fake_step("key", USER, log=log)])
    record, _ = consume(run, stopping(run, "user", "keep"))
    assert log == ["apply user"]
    assert statuses(record) == {"user": "done", "key": "cancelled"}
    assert (record.status, record.stopped) == (e.RunStatus.INCOMPLETE, True)


def test_stop_and_keep_after_the_last_step_is_a_finished_run(header, clock, fake_step):
    run = run_of(header, clock, [fake_step("user")])
    record, _ = consume(run, on=lambda event: isinstance(event, e.StepFinished) and run.stop("keep"))
    assert record.status is e.RunStatus.DONE


def test_a_run_that_is_stopped_before_it_starts_writes_nothing(header, clock, fake_step, log):
    run = run_of(header, clock, [fake_step("user", log=log)])
    run.stop("keep")
    record, _ = consume(run)
    assert log == []
    assert record.status is e.RunStatus.UNDONE


def test_a_step_that_waits_is_woken_by_a_stop(header, clock, fake_step, log):
    run = run_of(header, clock, [fake_step("user", work=lambda context: context.wait(600), log=log)])
    record, _ = consume(run, stopping(run, "user", "undo"))
    assert statuses(record) == {"user": "undone"}
    assert log == ["apply user", "undo user"]


def test_the_undo_itself_is_not_stopped_again(header, clock, fake_step):
    undone = []
    user = fake_step("user", work=refuse, unwork=lambda context: undone.append(context.stopping))
    run = run_of(header, clock, [user])
    consume(run, stopping(run, "user", "undo"))
    assert undone == [False]


CODES = MfaCodes("arn:aws:iam::1:mfa/x", Secret("otpauth://secret"), Secret("SEED"))


def test_a_question_goes_to_the_operator_and_its_answer_back_to_the_step(header, clock, fake_step):
    got = []
    run = run_of(header, clock, [fake_step("mfa", work=lambda context: got.append(context.ask(CODES)))])
    answered = []

    def on(event):
        if isinstance(event, e.Asked):
            answered.append(run.answer(event.number, ("123456", "654321")))
            answered.append(run.answer(event.number, ("123456", "654321")))

    record, seen = consume(run, on)
    assert got == [("123456", "654321")]
    assert answered == [True, False]
    assert record.questions == {}
    assert "SEED" not in repr(seen)


def test_other_steps_continue_while_one_waits_for_the_operator(header, clock, fake_step):
    run = run_of(header, clock, [fake_step("mfa", work=lambda context: context.ask(CODES) and None), fake_step("key")])
    order, number = [], []

    def on(event):
        if isinstance(event, e.Asked):
            number.append(event.number)
        if isinstance(event, e.StepFinished):
            order.append(event.step)
        if number and order == ["key"]:
            run.answer(number[0], ("1", "2"))

    consume(run, on)
    assert order == ["key", "mfa"]


def test_a_question_is_withdrawn_when_another_step_fails(header, clock, fake_step, log):
    asked = threading.Event()

    def fail(context):
        assert asked.wait(20)
        raise REFUSED

    run = run_of(
        header, clock, [fake_step("mfa", work=lambda t: t.ask(CODES) and None, log=log), fake_step("bad", work=fail)]
    )
    record, _ = consume(run, lambda event: asked.set() if isinstance(event, e.Asked) else None)
    assert record.status is e.RunStatus.UNDONE
    assert "undo mfa" in log
    assert record.questions == {}


def test_a_failed_preflight_check_writes_nothing(header, clock, fake_step, fake_check, log):
    checks = [fake_check("key-usable", CheckStatus.FAIL), fake_check("caller")]
    record, seen = consume(run_of(header, clock, [fake_step("user", log=log)], checks))
    assert log == []
    assert statuses(record) == {"user": "skipped"}
    assert record.status is e.RunStatus.UNDONE
    assert record.problem.what == "A preflight check failed: seen"
    assert set(record.preflight) == {"key-usable", "caller"}
    assert not any(isinstance(event, e.StepStarted) for event in seen)


def test_a_preflight_warning_does_not_stop_the_run(header, clock, fake_step, fake_check):
    record, _ = consume(run_of(header, clock, [fake_step("user")], [fake_check("seals", CheckStatus.WARN)]))
    assert record.status is e.RunStatus.DONE


def test_an_unchanged_step_counts_as_done_for_those_that_need_it(header, clock, fake_step, log):
    user = fake_step("user", work=lambda context: StepOutcome(unchanged=True), log=log)
    record, _ = consume(run_of(header, clock, [user, fake_step("key", USER, log=log)]))
    assert statuses(record) == {"user": "unchanged", "key": "done"}


def test_a_consumer_that_stops_reading_does_not_leave_a_step_waiting_for_ever(header, clock, fake_step, new_threads):
    run = run_of(header, clock, [fake_step("mfa", work=lambda context: context.ask(CODES) and None)])
    events = run.events()
    for event in events:
        if isinstance(event, e.Asked):
            break
    events.close()
    assert new_threads() == []
