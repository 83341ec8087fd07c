"""A run whose undo another process begins, or goes on with."""

from __future__ import annotations

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Kind, Problem

USER = frozenset({"user"})
pytestmark = pytest.mark.usefixtures("no_waiting")


def test_undo_removes_what_was_begun_and_looks_at_nothing_first(bench, steps, cut, log, fake_check):
    earlier = cut("key")
    run = bench.run(steps, earlier=earlier, purpose="undo", preflight=[fake_check("caller", CheckStatus.FAIL)])
    record, events = bench.told(run, earlier)
    assert log == ["undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE
    assert not any(isinstance(event, e.PreflightFinished) for event in events)


def test_undo_of_a_finished_run_removes_all_of_it(bench, memo, steps, log):
    kept = memo()
    earlier, _ = bench.told(bench.run(steps, kept))
    log.clear()
    record, _ = bench.told(bench.run(steps, earlier=earlier, purpose="undo"), earlier)
    assert log == ["undo policy", "undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE


@pytest.mark.parametrize("purpose", ["resume", "undo"])
def test_an_undo_that_was_cut_off_goes_on_with_what_is_left(bench, memo, steps, log, purpose):
    kept = memo()
    earlier, _ = bench.told(bench.run(steps, kept))
    run = bench.run(steps, kept, earlier=earlier, purpose="undo")
    for event in run.events():
        if isinstance(event, e.StepUndone) and event.step == "policy":
            break
    log.clear()
    earlier = bench.replay(kept.kept)
    record, _ = bench.told(bench.run(steps, earlier=earlier, purpose=purpose), earlier)
    assert log == ["undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE


def test_what_an_undo_had_to_leave_is_tried_again_by_the_next(bench, memo, steps, cut, log):
    earlier, kept = cut("key"), memo()

    def refuse(_):
        raise Problem("It stays.", next="aws iam delete-access-key", kind=Kind.REFUSED)

    steps[1].unwork = refuse
    record, _ = bench.told(bench.run(steps, kept, earlier=earlier, purpose="undo"), earlier)
    assert record.status is e.RunStatus.INCOMPLETE
    assert [problem.what for problem in record.not_removed] == ["It stays."]
    steps[1].unwork = None
    log.clear()
    again, _ = bench.told(bench.run(steps, earlier=record, purpose="undo"), record)
    assert log == ["undo key"]
    assert (again.status, again.not_removed) == (e.RunStatus.UNDONE, ())


def test_stopping_an_undo_halts_it_and_another_process_goes_on(bench, memo, steps, log):
    kept = memo()
    earlier, _ = bench.told(bench.run(steps, kept))
    log.clear()
    run = bench.run(steps, kept, earlier=earlier, purpose="undo")
    steps[1].unwork = lambda context: run.stop("keep")
    record, _ = bench.told(run, earlier)
    assert log == ["undo policy", "undo key"]
    assert (record.status, record.stopped) == (e.RunStatus.INCOMPLETE, True)
    assert exit_of(record) is ExitCode.INCOMPLETE


def test_a_step_that_waits_in_an_undo_is_woken_by_the_halt_and_told_as_left(bench, memo, steps):
    kept = memo()
    earlier, _ = bench.told(bench.run(steps, kept))
    run = bench.run(steps, kept, earlier=earlier, purpose="undo")

    def halted(context):
        run.stop("keep")
        context.wait(60)

    steps[2].unwork = halted
    record, _ = bench.told(run, earlier)
    assert record.status is e.RunStatus.INCOMPLETE
    assert "Undo this run again" in record.not_removed[0].next


def test_stopping_before_an_undo_has_begun_removes_nothing(bench, memo, steps, log):
    earlier, _ = bench.told(bench.run(steps))
    log.clear()
    run = bench.run(steps, earlier=earlier, purpose="undo")
    run.stop("keep")
    record, _ = bench.told(run, earlier)
    assert (log, record.status) == ([], e.RunStatus.INCOMPLETE)
