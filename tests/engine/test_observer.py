"""Looking at what AWS holds of a run: side by side, nothing told to the run, patient where a read may be stale."""

from __future__ import annotations

import threading

from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.engine import observer, step_context
from breakglass_tui.engine.observer import observe

THERE, ABSENT = ObservedState(Observation.THERE), ObservedState(Observation.ABSENT)


def seen(steps, clock, record=None, **how):
    return {step.id: observed for step, observed in observe(steps, record or RunRecord(), clock, **how)}


def finding(step, find):
    step.find = find
    return step


def test_every_step_is_looked_at_side_by_side(fake_step, clock):
    together = threading.Barrier(3, timeout=20)

    def find(_):
        together.wait()
        return THERE

    steps = [finding(fake_step(id), find) for id in "abc"]
    assert seen(steps, clock) == dict.fromkeys("abc", THERE)


def test_what_cannot_be_read_is_unknown_and_hides_nothing_else(fake_step, clock):
    def denied(_):
        raise Problem("You are not allowed to call iam:GetUser.", kind=Kind.REFUSED)

    def broken(_):
        raise ValueError("secret text")

    steps = [fake_step("a"), finding(fake_step("b"), denied), finding(fake_step("c"), broken)]
    looked = seen(steps, clock)
    assert looked["a"] == THERE
    assert looked["b"] == ObservedState(Observation.UNKNOWN, "You are not allowed to call iam:GetUser.")
    assert looked["c"].seen is Observation.UNKNOWN
    assert "secret" not in looked["c"].text


def test_one_read_that_finds_nothing_is_believed_only_by_who_is_not_patient(fake_step, clock, monkeypatch):
    monkeypatch.setattr(step_context.StepContext, "wait", lambda self, seconds: None)
    looks = []

    def late(_):
        looks.append(1)
        return THERE if len(looks) == 3 else ABSENT

    assert seen([finding(fake_step("a"), late)], clock)["a"] == ABSENT
    looks.clear()
    assert seen([finding(fake_step("a"), late)], clock, patient=True)["a"] == THERE


def test_patience_ends(fake_step, clock, monkeypatch):
    monkeypatch.setattr(step_context.StepContext, "wait", lambda self, seconds: None)
    began = clock.seconds
    assert seen([fake_step("a", observed=ABSENT)], clock, patient=True)["a"] == ABSENT
    assert clock.seconds - began >= observer.ABSENT_FOR_S


def test_patience_ends_at_once_when_the_run_is_stopped(fake_step, clock):
    stop = threading.Event()
    stop.set()
    assert seen([fake_step("a", observed=ABSENT)], clock, patient=True, stop=stop)["a"].seen is Observation.UNKNOWN


def test_a_look_changes_nothing_of_the_record(fake_step, clock, bench, events):
    record = bench.replay(events[:3])

    def find(step_context):
        step_context.learned("user_id", "AIDA9")
        step_context.settled("iam:CreateUser", "carried out")
        step_context.unmanaged("AKIA9")
        assert step_context.facts["user_id"] == "AIDA9"
        return THERE

    seen([finding(fake_step("create-user"), find)], clock, record)
    assert record.facts == {}
    assert record.recovery.unmanaged == set()


def test_a_reader_that_goes_away_leaves_no_thread(fake_step, clock):
    looks = observe([fake_step("a"), fake_step("b")], RunRecord(), clock)
    next(looks)
    looks.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("breakglass")]
