from __future__ import annotations

from datetime import UTC, datetime

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.exit_codes import ExitCode, exit_of
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.secrets.secret import Secret

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SEALED = e.EnvelopeInfo("/x/bg.password.age", ("password",), ("age",), "00ff")


def record_of(header, *events):
    record = RunRecord()
    briefs = (e.StepBrief("create-user", "User"), e.StepBrief("login-profile", "Console"))
    record.apply(e.RunStarted(NOW, header, briefs))
    for event in events:
        record.apply(event)
    return record


def done(step, **given):
    return e.StepFinished(NOW, step, e.StepStatus.DONE, 12, **given)


def test_a_run_starts_with_every_step_next(header):
    record = record_of(header)
    assert [step.status for step in record.steps.values()] == [e.StepStatus.NEXT] * 2
    assert exit_of(record) is ExitCode.INCOMPLETE


def test_facts_of_a_run_take_precedence_over_those_of_its_validation(header):
    found = {"user_id": "AIDA2", "user_arn": "arn:aws:iam::123456789012:user/bg"}
    seen = CheckResult("user-exists", "User", CheckStatus.FAIL, "yes", "another", facts=found)
    record = record_of(header, done("create-user", facts={"user_id": "AIDA1"}), e.CheckFinished(NOW, seen))
    assert record.facts == {"user_id": "AIDA1", "user_arn": found["user_arn"]}


def test_calls_and_facts_of_a_step_are_recorded(header):
    call = Call("iam:CreateUser", "req-1", 40)
    finished = e.CallFinished(NOW, e.CallSource.STEP, "create-user", call)
    record = record_of(header, finished, done("create-user", facts={"user_id": "AIDA1"}))
    assert record.steps["create-user"].calls == [call]
    assert record.facts == {"user_id": "AIDA1"}


def test_a_call_of_a_check_does_not_count_as_one_of_a_step(header):
    record = record_of(header, e.CallFinished(NOW, e.CallSource.CHECK, "user-exists", Call("iam:GetUser")))
    assert all(not step.calls for step in record.steps.values())


def test_the_activity_of_a_step_shows_the_attempt_and_the_delay(header):
    record = record_of(header, e.CallStarted(NOW, e.CallSource.STEP, "create-user", "iam:CreateUser", 2))
    assert record.steps["create-user"].doing == "iam:CreateUser, attempt 2"
    record.apply(e.CallDelayed(NOW, e.CallSource.STEP, "create-user", "iam:CreateUser", "throttled", 1.25))
    assert record.steps["create-user"].doing == "iam:CreateUser: throttled, retry in 1.2 s"


def test_a_question_is_open_until_it_is_answered_or_the_run_ends(header):
    asked = e.Asked(NOW, "login-profile", 1, MfaCodes("arn", Secret("uri"), Secret("seed")))
    record = record_of(header, asked)
    assert record.steps["login-profile"].status is e.StepStatus.WAITING
    record.apply(e.Answered(NOW, "login-profile", 1))
    assert record.questions == {}
    record.apply(asked)
    record.apply(e.RunFinished(NOW, e.RunStatus.UNDONE))
    assert record.questions == {}


def test_the_envelopes_of_an_undone_step_are_removed(header):
    record = record_of(header, done("login-profile", envelopes=(SEALED,)))
    assert record.envelopes == [SEALED]
    record.apply(e.StepUndone(NOW, "login-profile"))
    assert record.envelopes == []
    assert record.steps["login-profile"].status is e.StepStatus.UNDONE


def test_what_could_not_be_removed_is_recorded_with_its_envelopes_and_its_command(header):
    left = Problem("The user is still there.", next="aws iam delete-user --user-name bg-alice")
    record = record_of(
        header, done("login-profile", envelopes=(SEALED,)), e.StepUndone(NOW, "login-profile", left=left)
    )
    assert record.not_removed == (left,)
    assert record.envelopes == [SEALED]
    assert record.steps["login-profile"].status is e.StepStatus.FAILED


def test_each_outcome_of_a_run_has_its_own_exit_code(header):
    def ended(status, **given):
        return exit_of(record_of(header, e.RunFinished(NOW, status, **given)))

    refused = Problem("AWS refused iam:CreateUser.")
    assert ended(e.RunStatus.DONE) is ExitCode.DONE
    assert ended(e.RunStatus.UNDONE, problem=refused) is ExitCode.UNDONE
    assert ended(e.RunStatus.UNDONE, stopped=True) is ExitCode.INTERRUPTED
    assert ended(e.RunStatus.INCOMPLETE, stopped=True) is ExitCode.INCOMPLETE


def test_a_failed_check_after_a_good_run_has_an_exit_code_of_its_own(header):
    failed = e.CheckFinished(NOW, CheckResult("access", "Access", CheckStatus.FAIL, "a", "b"))
    assert exit_of(record_of(header, e.RunFinished(NOW, e.RunStatus.DONE), failed)) is ExitCode.CHECK_FAILED


def test_a_check_that_is_run_again_replaces_its_result(header):
    def result(status):
        return e.CheckFinished(NOW, CheckResult("access", "Access", status, "a", "b"))

    record = record_of(header, result(CheckStatus.FAIL), result(CheckStatus.PASS))
    assert record.checks["access"].status is CheckStatus.PASS
