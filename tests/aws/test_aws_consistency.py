"""Eventual consistency and late requests."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from breakglass_tui.aws.consistency import LATE_ARRIVAL_S, TIMEOUT_S, wait_for, wait_until_consistent
from breakglass_tui.aws.steps.idempotent_writes import send_idempotent
from breakglass_tui.domain.events import CallSource
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.step_context import StepContext


@pytest.fixture
def context(lab_clock: Any) -> StepContext:
    return StepContext(source=CallSource.STEP, id="s", publish=lambda _: None, clock=lab_clock, stop=threading.Event())


def in_turn(*answers: bool) -> Any:
    """Return a function that returns the answers one by one, then the last one forever."""
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    ("reads", "waits"), [([True], 0), ([False, True], 1), ([True, False, True], 1), ([True, True, False, True], 1)]
)
def test_only_several_good_reads_in_a_row_count(
    context: StepContext, lab_clock: Any, reads: list[bool], waits: int
) -> None:
    assert wait_until_consistent(context, in_turn(*reads))
    assert lab_clock.waited == waits


def test_a_condition_that_is_never_true_ends_at_the_timeout(context: StepContext, lab_clock: Any) -> None:
    assert not wait_until_consistent(context, lambda: False)
    assert TIMEOUT_S <= lab_clock.waited <= TIMEOUT_S + 2


def test_a_late_resource_is_found_and_a_missing_one_is_given_up(context: StepContext, lab_clock: Any) -> None:
    found = iter([None, None, "late"])
    assert wait_for(context, lambda: next(found)) == "late"
    assert lab_clock.waited == 2
    assert wait_for(context, lambda: None) is None
    assert lab_clock.waited >= 2 + LATE_ARRIVAL_S


def test_a_write_that_stays_invisible_is_a_problem(context: StepContext) -> None:
    with pytest.raises(Problem, match="The thing is not visible in AWS"):
        send_idempotent(context, "iam:Put", "The thing", lambda: None, lambda: False)


def test_a_refused_write_is_not_repeated(context: StepContext) -> None:
    sent: list[int] = []

    def put() -> None:
        sent.append(1)
        raise Problem("No.", kind=Kind.REFUSED)

    with pytest.raises(Problem, match="No"):
        send_idempotent(context, "iam:Put", "The thing", put, lambda: True)
    assert sent == [1]
