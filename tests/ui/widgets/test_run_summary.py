"""How an unfinished run is described, and which commands are offered for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from breakglass_tui.domain.events import RunFinished, RunStarted, RunStatus, StepBrief, StepStarted
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.ui.widgets.run_summary import headline, how_it_ended, resume_commands

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def session(make_app, fake_cloud):
    """Return a function that makes the session of an app, in the demo or not, with the record of an unfinished run."""

    def make(*, demo: bool, **ended):
        session = make_app(fake_cloud, demo=demo).session
        session.run.record = record(**ended)
        return session

    return make


def record(*, stopped: bool | None = None) -> RunRecord:
    """Return the record of a run in its first step. ``stopped`` is None if its journal has no end."""
    request = {"user_name": "bg-night", "kms_key_id": "alias/break-glass"}
    header = RunHeader(
        "run-1", "123456789012", "arn:aws:iam::123456789012:user/me", "eu-west-1", demo=False, request=request
    )
    found = RunRecord()
    found.apply(RunStarted(AT, header, (StepBrief("create-user", "Create user"),)))
    found.apply(StepStarted(AT, "create-user"))
    if stopped is not None:
        found.apply(RunFinished(AT, RunStatus.INCOMPLETE, stopped=stopped))
    return found


@pytest.mark.parametrize(
    ("stopped", "text"),
    [(None, "interrupted"), (True, "stopped, resources kept"), (False, "failed, resources kept")],
)
def test_an_unfinished_run_is_interrupted_only_if_its_journal_has_no_end(stopped, text):
    assert how_it_ended(record(stopped=stopped)) == text


def test_a_run_that_was_stopped_and_kept_says_so(session):
    assert headline(session(demo=False, stopped=True).run, AT) == "Stopped, resources kept: 0 of 1 steps done."


def test_an_unfinished_run_has_a_command_that_resumes_it_and_one_that_removes_it(session):
    program = "breakglass-tui --demo --region eu-west-1"
    made = session(demo=False, stopped=True)
    assert resume_commands(made.run.record, made.connection) == [f"{program} resume run-1", f"{program} undo run-1"]


def test_the_demo_offers_no_command_for_a_new_process(session):
    made = session(demo=True, stopped=True)
    assert resume_commands(made.run.record, made.connection) == []
