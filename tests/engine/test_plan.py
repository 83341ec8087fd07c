from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakglass_tui.engine.plan import Plan


def test_waves_follow_the_needs_and_the_order_of_the_request(fake_step):
    steps = (
        fake_step("user"),
        fake_step("mfa", frozenset({"user"})),
        fake_step("policy", frozenset({"user", "mfa", "key"})),
        fake_step("key", frozenset({"user"})),
    )
    assert [[step.id for step in wave] for wave in Plan(steps).waves()] == [["user"], ["mfa", "key"], ["policy"]]


def test_steps_that_need_each_other_are_not_a_plan(fake_step):
    with pytest.raises(ValueError, match="wait for each other: a, b"):
        Plan((fake_step("a", frozenset({"b"})), fake_step("b", frozenset({"a"}))))


def test_a_need_outside_the_plan_is_an_error(fake_step):
    with pytest.raises(ValueError, match="nobody"):
        Plan((fake_step("a", frozenset({"nobody"})),))


def test_the_critical_path_is_the_most_expensive_chain_and_not_the_sum(fake_step):
    steps = (fake_step("user"), fake_step("mfa", frozenset({"user"})), fake_step("key", frozenset({"user"})))
    cost = {"user": 1.0, "mfa": 5.0, "key": 2.0}
    assert Plan(steps).critical_path(lambda step: cost[step.id]) == 6.0
    assert Plan(()).critical_path(lambda step: 1.0) == 0.0


def test_permissions_of_work_and_undo_are_listed_once(fake_step):
    plan = Plan((fake_step("a"), fake_step("a"), fake_step("b")))
    actions = [permission.action for permission in plan.step_permissions()]
    assert actions == ["iam:Makea", "iam:Dropa", "iam:Makeb", "iam:Dropb"]


@given(st.lists(st.sets(st.integers(0, 6)), max_size=7), st.randoms(use_true_random=False))
def test_in_any_plan_every_step_comes_once_and_after_its_needs(fake_step, needs, chance):
    steps = [fake_step(str(n), frozenset(str(m) for m in of if m < n)) for n, of in enumerate(needs)]
    chance.shuffle(steps)
    seen: set[str] = set()
    for wave in Plan(tuple(steps)).waves():
        assert all(step.needs <= seen for step in wave)
        seen |= {step.id for step in wave}
    assert len(seen) == len(steps)
