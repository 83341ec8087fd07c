from __future__ import annotations

import threading

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.problems import Problem
from breakglass_tui.engine.check_runner import CheckRunner


def results(inspection):
    return {event.result.id: event.result for event in inspection.events() if isinstance(event, e.CheckFinished)}


def test_every_check_ends_with_its_result_and_its_evidence(fake_check, clock):
    found = results(CheckRunner([fake_check("a"), fake_check("b", CheckStatus.FAIL)], clock))
    assert {id: result.status.value for id, result in found.items()} == {"a": "pass", "b": "fail"}
    assert [call.request_id for call in found["a"].calls] == ["req-2"]


def test_a_problem_skips_a_check_with_its_reason_and_hides_no_other(fake_check, clock):
    denied = Problem("You are not allowed to call iam:GetUser.", next="Ask for it.")
    found = results(CheckRunner([fake_check("a", raises=denied), fake_check("b")], clock))
    assert found["a"].status is CheckStatus.SKIP
    assert (found["a"].found, found["a"].remedy) == ("You are not allowed to call iam:GetUser.", "Ask for it.")
    assert len(found["a"].calls) == 1
    assert found["b"].status is CheckStatus.PASS


def test_an_exception_in_a_check_is_a_skip_without_its_text(fake_check, clock):
    found = results(CheckRunner([fake_check("a", raises=RuntimeError("hunter2"))], clock))
    assert found["a"].status is CheckStatus.SKIP
    assert "hunter2" not in repr(found)


class Waits:
    id = title = "waits"

    def __init__(self):
        self.began = threading.Event()

    def inspect(self, context):
        self.began.set()
        context.wait(600)


def test_a_stop_skips_waiting_checks_and_ends_the_run(clock):
    check = Waits()
    inspection = CheckRunner([check], clock)
    threading.Thread(target=lambda: check.began.wait(20) and inspection.stop(), daemon=True).start()
    found = results(inspection)
    assert found["waits"].status is CheckStatus.SKIP
    assert "stopped" in found["waits"].found


def test_checks_run_in_parallel(clock, fake_check):
    together = threading.Barrier(3, timeout=20)

    class Meets(fake_check):
        def inspect(self, context):
            together.wait()
            return super().inspect(context)

    found = results(CheckRunner([Meets(name) for name in "abc"], clock))
    assert {result.status for result in found.values()} == {CheckStatus.PASS}


def test_no_checks_is_no_events(clock):
    assert list(CheckRunner([], clock).events()) == []
