"""Reads at the same time: their results, their evidence and their failures."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.parallel_reads import read_in_parallel, read_meanwhile
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import Problem

LIMIT_S = 20


@pytest.fixture
def api() -> Api:
    return Api(None, silent_context("reads"))  # type: ignore[arg-type] # no read of these tests calls AWS


def reading(name: str, together: threading.Barrier) -> Callable[[Api], str]:
    """Return a read that ends only if all parties of the barrier run at the same time."""

    def read(branch: Api) -> str:
        together.wait(LIMIT_S)
        branch.context.calls.append(Call(f"iam:{name}", "", 1))
        return name

    return read


def refused(branch: Api) -> str:
    branch.context.calls.append(Call("iam:Refused", "", 1))
    raise Problem("AWS refused it.")


def test_reads_run_at_the_same_time_and_keep_their_order(api: Api) -> None:
    together = threading.Barrier(3)
    assert read_in_parallel(api, *(reading(name, together) for name in "abc")) == ["a", "b", "c"]
    assert [call.operation for call in api.context.calls] == ["iam:a", "iam:b", "iam:c"]


def test_a_failed_read_is_raised_after_all_reads_and_all_calls_are_evidence(api: Api) -> None:
    alone = threading.Barrier(1)
    with pytest.raises(Problem, match="AWS refused it"):
        read_in_parallel(api, refused, reading("b", alone))
    assert [call.operation for call in api.context.calls] == ["iam:Refused", "iam:b"]


def test_no_read_is_no_result(api: Api) -> None:
    assert read_in_parallel(api) == []


def test_a_read_runs_during_the_context_and_has_ended_after_it(api: Api) -> None:
    together = threading.Barrier(2)
    with read_meanwhile(api, reading("a", together)) as found:
        together.wait(LIMIT_S)
    assert found.done()
    assert found.result() == "a"
    assert [call.operation for call in api.context.calls] == ["iam:a"]


def test_a_problem_of_the_context_is_raised_and_that_of_the_read_is_not(api: Api) -> None:
    with pytest.raises(Problem, match="of the context"), read_meanwhile(api, refused):
        raise Problem("The problem of the context.")
    assert [call.operation for call in api.context.calls] == ["iam:Refused"]
