"""The record of a resumed run: what stays, what runs again, and the exit code of each outcome."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.exit_codes import ExitCode, exit_of, exit_of_problem
from breakglass_tui.domain.problems import BadRequest, FieldError, Kind, Problem
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.domain.record import RunRecord

NOW = datetime(2026, 11, 22, tzinfo=UTC)
IDS = ("create-user", "access-key", "inline-policy")
ENVELOPE = e.EnvelopeInfo("/x/bg.access-key.age", ("access-key",), ("age",), "00ff")


def after(header, *events):
    record = RunRecord()
    record.apply(e.RunStarted(NOW, header, tuple(e.StepBrief(id, id) for id in IDS)))
    for event in events:
        record.apply(event)
    return record


def began(step, minutes=0):
    return e.StepStarted(NOW + timedelta(minutes=minutes), step)


def ended(step, status=e.StepStatus.DONE, **of):
    return e.StepFinished(NOW, step, status, **of)


def statuses(record):
    return [step.status.value for step in record.steps.values()]


def test_on_resume_done_steps_stay_and_the_rest_is_next(header):
    record = after(
        header,
        began("create-user"),
        ended("create-user", facts={"user_id": "A"}),
        began("access-key"),
        ended("access-key", e.StepStatus.FAILED, problem=Problem("No.")),
        ended("inline-policy", e.StepStatus.SKIPPED),
        e.RunFinished(NOW, e.RunStatus.INCOMPLETE, Problem("No."), stopped=True),
        e.RunResumed(NOW, "resume"),
    )
    assert statuses(record) == ["done", "next", "next"]
    assert [step.id for step in record.may_exist] == ["create-user", "access-key"]
    assert (record.status, record.problem, record.stopped, record.finished_at) == (
        e.RunStatus.RUNNING,
        None,
        False,
        None,
    )
    assert record.steps["access-key"].problem is None
    assert record.facts == {"user_id": "A"}


def test_a_restarted_run_keeps_only_the_paths_of_its_envelopes(header):
    record = after(
        header,
        began("create-user"),
        ended("create-user", facts={"user_id": "A"}, envelopes=(ENVELOPE,)),
        r.EnvelopeStarted(NOW, "access-key", ENVELOPE.path),
        r.UnmanagedFound(NOW, "access-key", "AKIA2"),
        r.SecretStored(NOW, "access-key"),
        e.CallStarted(NOW, e.CallSource.STEP, "access-key", "iam:CreateAccessKey", 1),
        e.RunResumed(NOW, "anew"),
    )
    assert statuses(record) == ["next"] * 3
    assert (record.facts, record.envelopes) == ({}, [])
    recovery = record.recovery
    assert (recovery.sent, recovery.unmanaged, recovery.stored) == ({}, set(), set())
    assert recovery.unanswered.total() == 0
    assert recovery.envelopes == {ENVELOPE.path}


@pytest.mark.parametrize(("same_process", "facts"), [(False, {}), (True, {"user_id": "A"})])
def test_the_undo_of_a_simulated_run_keeps_its_facts_only_in_the_process_that_has_the_account(
    header, same_process, facts
):
    record = after(
        replace(header, demo=True),
        began("create-user"),
        ended("create-user", facts={"user_id": "A"}, envelopes=(ENVELOPE,)),
        r.SecretStored(NOW, "create-user"),
        e.RunResumed(NOW, "undo", same_process=same_process),
    )
    assert record.facts == facts
    assert bool(record.envelopes) == bool(record.recovery.stored) == same_process


def test_a_question_of_an_ended_process_is_not_open(header):
    asked = e.Asked(NOW, "access-key", 1, SignIn("123456789012", "expired"))
    record = after(header, began("access-key"), asked, e.RunResumed(NOW, "resume"))
    assert record.questions == {}
    assert record.steps["access-key"].status is e.StepStatus.NEXT


def test_removed_steps_stay_removed_and_the_rest_is_retried(header):
    record = after(
        header,
        *(event for id in IDS[:2] for event in (began(id), ended(id))),
        e.UndoStarted(NOW, "", ("access-key", "create-user")),
        e.StepUndone(NOW, "access-key"),
        e.StepUndone(NOW, "create-user", left=Problem("It stays.")),
        e.RunFinished(NOW, e.RunStatus.INCOMPLETE),
        e.RunResumed(NOW, "undo"),
    )
    assert statuses(record) == ["next", "undone", "next"]
    assert [step.id for step in record.may_exist] == ["create-user"]
    assert record.undoing


def test_steps_have_the_order_of_their_events_even_if_the_clock_is_set_back(header):
    record = after(header, began("create-user", 50), began("access-key", 10), began("inline-policy", 30))
    assert [step.id for step in record.may_exist] == list(IDS)


def test_an_event_of_an_unknown_step_changes_nothing(header):
    for event in (
        began("other"),
        ended("other"),
        e.StepUndoing(NOW, "other"),
        e.StepUndone(NOW, "other"),
        e.Asked(NOW, "other", 1, SignIn("1", "expired")),
        e.Answered(NOW, "other", 1),
    ):
        record = after(header, event)
        assert statuses(record) == ["next"] * 3
        assert record.may_exist == ()


def test_a_record_can_be_copied_with_every_kind_of_problem_in_it(header):
    problem = BadRequest((FieldError("region", "is not one"),))
    record = after(header, began("create-user"), ended("create-user", e.StepStatus.FAILED, problem=problem))
    copied = copy.deepcopy(record)
    assert repr(copied.steps["create-user"].problem) == repr(problem)
    assert copied.steps["create-user"].problem.errors == problem.errors
    copied.apply(ended("create-user", facts={"user_id": "B"}))
    assert record.facts == {}


BUSY, REFUSED = Problem("busy", kind=Kind.BUSY), Problem("no", kind=Kind.REFUSED)


@pytest.mark.parametrize(
    ("status", "problem", "stopped", "code"),
    [
        (e.RunStatus.DONE, None, False, ExitCode.DONE),
        (e.RunStatus.DONE, None, True, ExitCode.DONE),
        (e.RunStatus.UNDONE, REFUSED, False, ExitCode.UNDONE),
        (e.RunStatus.UNDONE, REFUSED, True, ExitCode.UNDONE),
        (e.RunStatus.UNDONE, None, True, ExitCode.INTERRUPTED),
        (e.RunStatus.UNDONE, BUSY, False, ExitCode.ALREADY_RUNNING),
        (e.RunStatus.INCOMPLETE, REFUSED, False, ExitCode.INCOMPLETE),
        (e.RunStatus.INCOMPLETE, None, True, ExitCode.INCOMPLETE),
        (e.RunStatus.INCOMPLETE, BUSY, False, ExitCode.ALREADY_RUNNING),
        (e.RunStatus.RUNNING, None, False, ExitCode.INCOMPLETE),
    ],
)
def test_each_end_of_a_run_has_its_exit_code(header, status, problem, stopped, code):
    assert exit_of(after(header, e.RunFinished(NOW, status, problem, stopped=stopped))) is code


def test_each_kind_of_problem_that_prevents_a_run_has_its_exit_code():
    assert {kind.value: exit_of_problem(Problem("no", kind=kind)).value for kind in Kind} == {
        "usage": 2,
        "credentials": 4,
        "refused": 5,
        "unreachable": 5,
        "missing": 5,
        "local": 2,
        "busy": 7,
        "unexpected": 1,
    }
