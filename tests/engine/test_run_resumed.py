"""A run in another process: it is resumed, rolled back, or keeps everything."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.observation import Observation, ObservedState
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.plan import StepOutcome

USER = frozenset({"user"})
pytestmark = pytest.mark.usefixtures("no_waiting")


def statuses(record):
    return {step.id: step.status.value for step in record.steps.values()}


def test_a_resumed_run_repeats_no_done_step_and_has_the_facts(bench, steps, killed_during, log):
    earlier, got = killed_during("key"), {}
    steps[1].work = lambda context: got.update(context.facts)
    record, seen = bench.consume(bench.run(steps, earlier=earlier), earlier)
    assert log == ["apply key", "apply policy"]
    assert got == {"user_id": "AIDA1"}
    assert isinstance(seen[0], e.RunResumed)
    assert record.status is e.RunStatus.DONE
    assert exit_of(record) is ExitCode.DONE


def test_a_step_that_started_earlier_is_marked_as_resumed_and_the_others_are_not(bench, steps, killed_during):
    earlier, resumed = killed_during("key"), {}
    for step in steps[1:]:
        step.work = lambda context: resumed.update({context.id: context.resumed})
    bench.consume(bench.run(steps, earlier=earlier))
    assert resumed == {"key": True, "policy": False}


@pytest.mark.parametrize("seen", [Observation.ABSENT, Observation.UNMANAGED, Observation.PARTLY, Observation.UNKNOWN])
def test_a_done_step_with_another_state_in_aws_stops_the_run_and_keeps_everything(
    bench, steps, killed_during, log, seen
):
    earlier = killed_during("key")
    steps[0].observed = ObservedState(seen, "odd")
    record, events = bench.consume(bench.run(steps, earlier=earlier), earlier)
    assert log == []
    assert record.status is e.RunStatus.INCOMPLETE
    assert exit_of(record) is ExitCode.INCOMPLETE
    assert (record.problem.code, record.problem.kind) == ("Changed", Kind.REFUSED)
    assert not any(isinstance(event, e.StepStarted | e.UndoStarted) for event in events)


def test_a_missing_or_changed_envelope_stops_the_run_and_keeps_everything(bench, memo, steps, log, tmp_path):
    path = tmp_path / "bg.access-key.age"
    path.write_bytes(b"sealed")
    info = EnvelopeInfo(str(path), ("access-key",), ("age",), hashlib.sha256(b"sealed").hexdigest())
    steps[1].work = lambda context: StepOutcome("made", envelopes=(info,))
    kept = memo()
    for event in bench.run(steps, kept).events():
        if isinstance(event, e.StepFinished) and event.step == "key":
            break
    earlier = bench.replay(kept.kept[: 1 + kept.kept.index(event)])
    for spoil in (lambda: path.write_bytes(b"changed"), path.unlink):
        spoil()
        log.clear()
        record, _ = bench.consume(bench.run(steps, earlier=earlier), earlier)
        assert (record.status, record.problem.code, log) == (e.RunStatus.INCOMPLETE, "EnvelopeLost", [])
    path.write_bytes(b"sealed")
    assert bench.consume(bench.run(steps, earlier=earlier), earlier)[0].status is e.RunStatus.DONE


def test_a_complete_run_with_a_missing_resource_is_not_reported_as_done(bench, memo, steps):
    kept = memo()
    bench.consume(bench.run(steps, kept))
    earlier = bench.replay(kept.kept[:-1])
    steps[2].observed = ObservedState(Observation.ABSENT)
    record, _ = bench.consume(bench.run(steps, earlier=earlier), earlier)
    assert record.status is e.RunStatus.INCOMPLETE
    assert exit_of(record) is ExitCode.INCOMPLETE


def test_a_complete_run_without_its_last_line_ends_as_done(bench, memo, steps, log):
    kept = memo()
    bench.consume(bench.run(steps, kept))
    log.clear()
    earlier = bench.replay(kept.kept[:-1])
    record, _ = bench.consume(bench.run(steps, earlier=earlier), earlier)
    assert (record.status, log) == (e.RunStatus.DONE, [])


def test_a_failed_preflight_check_of_a_resumed_run_keeps_everything(bench, steps, killed_during, log, fake_check):
    earlier = killed_during("key")
    run = bench.run(steps, earlier=earlier, preflight=[fake_check("caller", CheckStatus.FAIL)])
    record, _ = bench.consume(run, earlier)
    assert (record.status, log) == (e.RunStatus.INCOMPLETE, [])
    assert exit_of(record) is ExitCode.INCOMPLETE


def test_a_step_that_fails_after_a_resume_rolls_back_the_work_of_both_processes(bench, steps, killed_during, log):
    earlier = killed_during("key")

    def refuse(_):
        raise Problem("AWS refused iam:PutUserPolicy.", kind=Kind.REFUSED)

    steps[2].work = refuse
    record, _ = bench.consume(bench.run(steps, earlier=earlier), earlier)
    assert log == ["apply key", "apply policy", "undo policy", "undo key", "undo user"]
    assert record.status is e.RunStatus.UNDONE


def test_expired_credentials_keep_everything(bench, steps, log):
    def expired(_):
        raise Problem("Your AWS session has expired.", kind=Kind.CREDENTIALS)

    steps[1].work = expired
    record, _ = bench.consume(bench.run(steps))
    assert log == ["apply user", "apply key"]
    assert exit_of(record) is ExitCode.INCOMPLETE


def test_a_resumed_run_can_be_stopped_while_it_reads_aws(bench, steps, killed_during, log):
    earlier = killed_during("key")
    run = bench.run(steps, earlier=earlier)
    steps[0].find = lambda context: run.stop("keep") or ObservedState(Observation.ABSENT)
    record, _ = bench.consume(run, earlier)
    assert log == []
    assert (record.status, record.stopped, record.problem) == (e.RunStatus.INCOMPLETE, True, None)


def test_a_restarted_run_runs_every_step_without_earlier_facts(bench, steps, killed_during, log):
    earlier, got = killed_during("key"), {}
    steps[0].work = lambda context: got.update(context.facts) or StepOutcome("made", {"user_id": "AIDA2"})
    record, events = bench.consume(bench.run(steps, earlier=earlier, purpose="anew"), earlier)
    assert log == ["apply user", "apply key", "apply policy"]
    assert got == {}
    assert record.facts == {"user_id": "AIDA2"}
    assert (events[0].purpose, record.status) == ("anew", e.RunStatus.DONE)


def refused_with(kind):
    @contextmanager
    def open_journal():
        raise Problem("No.", kind=kind)
        yield

    return open_journal


@pytest.mark.parametrize(("kind", "code"), [(Kind.BUSY, ExitCode.ALREADY_RUNNING), (Kind.LOCAL, ExitCode.UNDONE)])
def test_a_new_run_without_a_journal_does_nothing_and_reports_why(bench, steps, log, kind, code):
    run = bench.run(steps)
    run._open_journal = refused_with(kind)
    record, events = bench.consume(run)
    assert [type(event) for event in events] == [e.RunStarted, e.RunFinished]
    assert (log, record.status, exit_of(record)) == ([], e.RunStatus.UNDONE, code)


@pytest.mark.parametrize(("kind", "code"), [(Kind.BUSY, ExitCode.ALREADY_RUNNING), (Kind.LOCAL, ExitCode.INCOMPLETE)])
@pytest.mark.parametrize("purpose", ["resume", "undo"])
def test_a_finished_run_whose_journal_cannot_be_opened_is_not_reported_as_done(bench, steps, log, kind, code, purpose):
    earlier, _ = bench.consume(bench.run(steps))
    log.clear()
    run = bench.run(steps, earlier=earlier, purpose=purpose)
    run._open_journal = refused_with(kind)
    record, _ = bench.consume(run, earlier)
    assert (log, record.status, exit_of(record)) == ([], e.RunStatus.INCOMPLETE, code)


def test_a_run_does_not_change_the_record_it_was_given(bench, steps, killed_during):
    earlier = killed_during("key")
    before = repr(earlier)
    bench.consume(bench.run(steps, earlier=earlier))
    assert repr(earlier) == before


def test_a_consumer_that_stops_reading_ends_the_wait_and_the_journal_is_closed_last(bench, memo, steps, monkeypatch):
    monkeypatch.undo()  # The step really waits: only the end of the run can wake it.
    order, waiting = [], threading.Event()
    kept = memo()

    @contextmanager
    def open_journal():
        try:
            yield kept
        finally:
            order.append("journal closed")

    def work(context):
        try:
            waiting.set()
            context.note("at it")
            context.wait(100)
        finally:
            context.note("woken")
            order.append("step ended")

    steps[1].work = work
    run = bench.run(steps, kept)
    run._open_journal = open_journal
    events = run.events()
    for event in events:
        if isinstance(event, e.StepNoted):
            break
    assert waiting.is_set()
    events.close()
    assert order == ["step ended", "journal closed"]
    assert kept.kept[-1].text == "woken"
