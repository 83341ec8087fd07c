"""Reads of a run's state in AWS: in parallel, without changes to the record, with retries for stale reads."""

from __future__ import annotations

import threading

from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine import observer, step_context
from breakglass_tui.engine.observer import observe

THERE, ABSENT = ObservedState(Observation.THERE), ObservedState(Observation.ABSENT)


def observed_states(steps, clock, record=None, **how):
    return {step.id: observed for step, observed in observe(steps, record or RunRecord(), clock, **how)}


def finding(step, find):
    step.find = find
    return step


def test_the_steps_are_read_in_parallel(fake_step, clock):
    together = threading.Barrier(3, timeout=20)

    def find(_):
        together.wait()
        return THERE

    steps = [finding(fake_step(id), find) for id in "abc"]
    assert observed_states(steps, clock) == dict.fromkeys("abc", THERE)


def test_a_step_that_cannot_be_read_is_unknown_and_hides_no_other(fake_step, clock):
    def denied(_):
        raise Problem("You are not allowed to call iam:GetUser.", kind=Kind.REFUSED)

    def broken(_):
        raise ValueError("secret text")

    steps = [fake_step("a"), finding(fake_step("b"), denied), finding(fake_step("c"), broken)]
    observed = observed_states(steps, clock)
    assert observed["a"] == THERE
    assert observed["b"] == ObservedState(Observation.UNKNOWN, "You are not allowed to call iam:GetUser.")
    assert observed["c"].observation is Observation.UNKNOWN
    assert "secret" not in observed["c"].text


def test_one_read_that_finds_nothing_is_final_only_without_retry(fake_step, clock, monkeypatch):
    monkeypatch.setattr(step_context.StepContext, "wait", lambda self, seconds: None)
    reads = []

    def late(_):
        reads.append(1)
        return THERE if len(reads) == 3 else ABSENT

    assert observed_states([finding(fake_step("a"), late)], clock)["a"] == ABSENT
    reads.clear()
    assert observed_states([finding(fake_step("a"), late)], clock, retry_absent=True)["a"] == THERE


def test_the_retries_end(fake_step, clock, monkeypatch):
    monkeypatch.setattr(step_context.StepContext, "wait", lambda self, seconds: None)
    started = clock.seconds
    assert observed_states([fake_step("a", observed=ABSENT)], clock, retry_absent=True)["a"] == ABSENT
    assert clock.seconds - started >= observer.ABSENT_FOR_S


def test_the_retries_end_at_once_when_the_run_is_stopped(fake_step, clock):
    stop = threading.Event()
    stop.set()
    found = observed_states([fake_step("a", observed=ABSENT)], clock, retry_absent=True, stop=stop)
    assert found["a"].observation is Observation.UNKNOWN


def test_a_read_does_not_change_the_record(fake_step, clock, bench, events):
    record = bench.replay(events[:3])

    def find(step_context):
        step_context.fact_learned("user_id", "AIDA9")
        step_context.call_settled("iam:CreateUser", "carried out")
        step_context.unmanaged_found("AKIA9")
        assert step_context.facts["user_id"] == "AIDA9"
        return THERE

    assert observed_states([finding(fake_step("create-user"), find)], clock, record) == {"create-user": THERE}
    assert record.facts == {}
    assert record.recovery.unmanaged == set()


def test_a_consumer_that_stops_reading_leaves_no_thread(fake_step, clock, new_threads):
    reads = observe([fake_step("a"), fake_step("b")], RunRecord(), clock)
    next(reads)
    reads.close()
    assert new_threads() == []
