"""The undo of a run by another process: from the start, or after an interruption."""

from __future__ import annotations

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Kind, Problem

USER = frozenset({"user"})
pytestmark = pytest.mark.usefixtures("no_waiting")


def test_undo_removes_every_started_step_without_preflight_checks(bench, steps, killed_during, log, fake_check):
    earlier = killed_during("key")
    run = bench.run(steps, earlier=earlier, purpose="undo", preflight=[fake_check("caller", CheckStatus.FAIL)])
    record, events = bench.consume(run, earlier)
    assert log == ["undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE
    assert not any(isinstance(event, e.PreflightFinished) for event in events)


def test_undo_of_a_finished_run_removes_everything(bench, memo, steps, log):
    kept = memo()
    earlier, _ = bench.consume(bench.run(steps, kept))
    log.clear()
    record, _ = bench.consume(bench.run(steps, earlier=earlier, purpose="undo"), earlier)
    assert log == ["undo policy", "undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE


@pytest.mark.parametrize("purpose", ["resume", "undo"])
def test_an_interrupted_undo_continues_with_the_rest(bench, memo, steps, log, purpose):
    kept = memo()
    earlier, _ = bench.consume(bench.run(steps, kept))
    run = bench.run(steps, kept, earlier=earlier, purpose="undo")
    for event in run.events():
        if isinstance(event, e.StepUndone) and event.step == "policy":
            break
    log.clear()
    earlier = bench.replay(kept.kept)
    record, _ = bench.consume(bench.run(steps, earlier=earlier, purpose=purpose), earlier)
    assert log == ["undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE


def test_what_an_undo_could_not_remove_is_retried_by_the_next(bench, memo, steps, killed_during, log):
    earlier, kept = killed_during("key"), memo()

    def refuse(_):
        raise Problem("It stays.", next="aws iam delete-access-key", kind=Kind.REFUSED)

    steps[1].unwork = refuse
    record, _ = bench.consume(bench.run(steps, kept, earlier=earlier, purpose="undo"), earlier)
    assert record.status is e.RunStatus.INCOMPLETE
    assert [problem.what for problem in record.not_removed] == ["It stays."]
    steps[1].unwork = None
    log.clear()
    again, _ = bench.consume(bench.run(steps, earlier=record, purpose="undo"), record)
    assert log == ["undo key"]
    assert (again.status, again.not_removed) == (e.RunStatus.UNDONE, ())


def test_a_stopped_undo_leaves_the_rest_for_another_process(bench, memo, steps, log):
    kept = memo()
    earlier, _ = bench.consume(bench.run(steps, kept))
    log.clear()
    run = bench.run(steps, kept, earlier=earlier, purpose="undo")
    steps[1].unwork = lambda context: run.stop("keep")
    record, _ = bench.consume(run, earlier)
    assert log == ["undo policy", "undo key"]
    assert (record.status, record.stopped) == (e.RunStatus.INCOMPLETE, True)
    assert exit_of(record) is ExitCode.INCOMPLETE


def test_a_step_that_waits_in_an_undo_ends_with_the_stop_and_is_not_removed(bench, memo, steps):
    kept = memo()
    earlier, _ = bench.consume(bench.run(steps, kept))
    run = bench.run(steps, kept, earlier=earlier, purpose="undo")

    def stop_and_wait(context):
        run.stop("keep")
        context.wait(60)

    steps[2].unwork = stop_and_wait
    record, _ = bench.consume(run, earlier)
    assert record.status is e.RunStatus.INCOMPLETE
    assert "Undo this run again" in record.not_removed[0].next


def test_a_stop_before_an_undo_starts_removes_nothing(bench, memo, steps, log):
    earlier, _ = bench.consume(bench.run(steps))
    log.clear()
    run = bench.run(steps, earlier=earlier, purpose="undo")
    run.stop("keep")
    record, _ = bench.consume(run, earlier)
    assert (log, record.status) == ([], e.RunStatus.INCOMPLETE)
