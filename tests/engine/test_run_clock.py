"""The clock of a run while someone sets the clock of the machine."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.engine.clock import RunClock, SystemClock, run_clock
from breakglass_tui.engine.step_context import StepContext


@pytest.fixture
def set_clock(monkeypatch):
    """Return a function that sets the clock of the machine to the real time plus an amount."""
    real = SystemClock.now
    return lambda by: monkeypatch.setattr(SystemClock, "now", lambda clock: real(clock) + by)


@pytest.mark.parametrize("by", [timedelta(days=3), timedelta(days=-3), timedelta(days=-10_000)])
def test_the_time_of_a_run_continues_and_the_jump_is_returned_once(set_clock, by):
    clock = RunClock()
    before = clock.now()
    set_clock(by)
    assert timedelta(0) <= clock.now() - before < timedelta(minutes=1)
    assert abs(clock.new_jump() - by) < timedelta(minutes=1)
    assert clock.new_jump() is None


@pytest.mark.parametrize("seconds", [0, 30, -30])
def test_a_correction_by_a_time_server_is_no_jump(set_clock, seconds):
    clock = RunClock()
    set_clock(timedelta(seconds=seconds))
    assert clock.new_jump() is None


def test_the_next_run_uses_the_new_time(set_clock):
    set_clock(timedelta(days=3))
    clock = run_clock(SystemClock())
    assert clock.now() - SystemClock().now() < timedelta(minutes=1)
    assert clock.new_jump() is None


def test_only_the_clock_of_the_machine_is_replaced(clock):
    assert isinstance(run_clock(None), RunClock)
    assert run_clock(clock) is clock


@pytest.mark.parametrize(
    ("by", "text"), [(timedelta(days=3), "forward by 3 days"), (timedelta(hours=-2), "back by 2:0")]
)
def test_a_step_says_once_that_the_clock_was_set_and_a_check_leaves_that_to_a_step(set_clock, by, text):
    published, clock = [], RunClock()
    sources = (e.CallSource.CHECK, e.CallSource.STEP)
    check, step = (
        StepContext(source=source, id="a", publish=published.append, clock=clock, stop=threading.Event())
        for source in sources
    )
    set_clock(by)
    for context in (check, step, step):
        context.call_finished(Call("iam:GetUser", "req-1", 3))
    (note,) = (event for event in published if isinstance(event, e.StepNoted))
    assert f"the clock of this machine was set {text}" in note.text
    assert [event.at for event in published] == sorted(event.at for event in published)
