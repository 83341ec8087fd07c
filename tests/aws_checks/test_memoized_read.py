"""A read that several checks share."""

from __future__ import annotations

import pytest

from breakglass_tui.aws.api import Api, silent_context
from breakglass_tui.aws.checks.memoized_read import MemoizedRead
from breakglass_tui.domain.problems import Problem


@pytest.fixture
def api(bench):
    return lambda: Api(bench.clients, silent_context("check"))


def test_the_calls_of_another_thread_of_the_check_are_no_evidence_of_the_read(api):
    first, second = api(), api()

    def read(branch):
        first.call("iam:ListAccountAliases")  # as another thread of the first check does at the same time
        return branch.call("sts:GetCallerIdentity")["Account"]

    shared = MemoizedRead(read)
    assert shared.get(first) == shared.get(second) == "123456789012"
    assert [call.operation for call in second.context.calls] == ["sts:GetCallerIdentity"]
    assert [call.operation for call in first.context.calls] == ["iam:ListAccountAliases", "sts:GetCallerIdentity"]


def test_every_check_gets_the_problem_and_the_calls_that_ended_in_it(api):
    first, second = api(), api()
    shared = MemoizedRead(lambda branch: branch.call("iam:GetUser", UserName="bg-absent"))
    for each in (first, second):
        with pytest.raises(Problem):
            shared.get(each)
        assert [call.error for call in each.context.calls] == ["NoSuchEntity"]
