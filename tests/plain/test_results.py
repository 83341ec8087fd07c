"""The result as text: its first line says how the command ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.record import RunRecord
from breakglass_tui.domain.run_header import RunHeader
from breakglass_tui.plain.results import check_table, result_lines

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEADER = RunHeader("00aa", "123456789012", "arn", "eu-west-1", demo=False, request={}, directory="/out")
REFUSED = Problem("AWS refused iam:CreateUser.", why="Because.", next="Ask for it.", kind=Kind.REFUSED)
BLOCKED = Problem("A preflight check failed: no.", next="Enable the key.", kind=Kind.REFUSED, code="seal-works")
FAILED_CHECK = CheckResult("seal-works", "Seals work", CheckStatus.FAIL, "it works", "the key is off")
STARTED = e.StepStarted(NOW, "create-user")
DONE = e.StepFinished(NOW, "create-user", e.StepStatus.DONE, 10, "arn:user")
FAILED = e.StepFinished(NOW, "create-user", e.StepStatus.FAILED, 10, REFUSED.what, problem=REFUSED)
NOT_STARTED, NOTHING_LEFT = ["NOT STARTED", "  Nothing was written to AWS."], "  Nothing of this run is left in AWS."
AWS = "Restore it: aws iam put-user-policy --user-name bg-alice --endpoint-url http://127.0.0.1:4566"
UNDO = e.UndoStarted(NOW, "a reason", ("create-user",))


def record_of(*events):
    record = RunRecord()
    briefs = (e.StepBrief("create-user", "Create user"),)
    for event in (e.RunStarted(NOW, HEADER, briefs), *events):
        record.apply(event)
    return record


def finished(status, problem=None, *, stopped=False):
    return e.RunFinished(NOW, status, problem, stopped=stopped)


ENDS = {
    "a failed preflight check": (
        (e.PreflightFinished(NOW, FAILED_CHECK), finished(e.RunStatus.UNDONE, BLOCKED)),
        [*NOT_STARTED, "  Failed: seal-works: the key is off", "    → Enable the key."],
    ),
    "a problem before the first step": (
        (finished(e.RunStatus.UNDONE, Problem("The journal cannot be written.", next="Free disk space.")),),
        [*NOT_STARTED, "  Failed: The journal cannot be written.", "    → Free disk space."],
    ),
    "a failed step": (
        (STARTED, FAILED, UNDO, e.StepUndone(NOW, "create-user"), finished(e.RunStatus.UNDONE, REFUSED)),
        ["ROLLED BACK", NOTHING_LEFT, "  Failed: create-user: AWS refused iam:CreateUser.", "    → Ask for it."],
    ),
    "a rollback that could not remove everything": (
        (
            *(STARTED, FAILED, UNDO),
            e.StepUndone(NOW, "create-user", left=Problem("The user is still there.", next="aws iam delete-user")),
            finished(e.RunStatus.INCOMPLETE, REFUSED),
        ),
        [
            *("REMOVAL INCOMPLETE", "  Failed: create-user: AWS refused iam:CreateUser.", "    → Ask for it.", ""),
            *("Left in AWS:", "  The user is still there. aws iam delete-user"),
        ],
    ),
    "an undo": (
        (STARTED, DONE, UNDO, e.StepUndone(NOW, "create-user"), finished(e.RunStatus.UNDONE)),
        ["REMOVED", NOTHING_LEFT],
    ),
    "a signal": (
        (STARTED, DONE, finished(e.RunStatus.INCOMPLETE, stopped=True)),
        ["STOPPED", "", "Kept in AWS:", "  create-user  arn:user"],
    ),
    "a signal before the first step": ((finished(e.RunStatus.UNDONE, stopped=True),), NOT_STARTED),
    "expired credentials": (
        (STARTED, FAILED, finished(e.RunStatus.INCOMPLETE, REFUSED)),
        ["INCOMPLETE", "  Failed: create-user: AWS refused iam:CreateUser."],
    ),
    "no check": ((STARTED, DONE, finished(e.RunStatus.DONE)), ["NOT PROVEN"]),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_first_line_says_how_the_run_ended_and_the_next_ones_why(end):
    events, lines = ENDS[end]
    assert result_lines(record_of(*events), ())[: len(lines)] == lines


def test_a_command_that_changed_nothing_says_so_first():
    assert result_lines(record_of(STARTED, DONE), (), "CANCELLED")[0] == "CANCELLED"


def test_checks_that_were_skipped_for_one_reason_share_one_row():
    skipped = [
        CheckResult(id, id, CheckStatus.SKIP, "", "The user does not exist.", remedy="Create it.")
        for id in ("access", "groups")
    ]
    other = CheckResult("trail", "Trail", CheckStatus.SKIP, "", "not asked", remedy="Ask.")
    assert check_table([skipped[0], other, skipped[1]]) == [
        "SKIP  access, groups",
        "              The user does not exist.",
        "              remedy: Create it.",
        "SKIP  trail   not asked",
        "              remedy: Ask.",
    ]


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ({"endpoint": "http://127.0.0.1:4566", "emulator": True}, "EMULATOR: all calls went to http://127.0.0.1:4566."),
        ({"endpoint": "https://x.amazonaws.com"}, "CUSTOM ENDPOINT: all calls went to https://x.amazonaws.com."),
        ({"endpoint": ""}, None),
    ],
)
def test_the_verdict_of_anything_but_aws_itself_names_its_endpoint(header, line):
    record = record_of(finished(e.RunStatus.DONE))
    record.header = replace(HEADER, **header)
    lines = result_lines(record, ())
    assert [each for each in lines if "all calls went to" in each] == ([line] if line else [])


def test_a_long_finding_is_not_cut():
    names = ", ".join(f"night-shift.password.{number}+{number + 1}.age" for number in range(30))
    (line,) = check_table([CheckResult("envelopes", "Envelopes", CheckStatus.PASS, "30", names)])
    assert line.endswith(names)


@pytest.mark.parametrize(("demo", "remedy", "said"), [(True, AWS, True), (True, "Wait.", False), (False, AWS, False)])
def test_a_demo_says_that_its_commands_stop_working(demo, remedy, said):
    check = CheckResult("inline-policy", "Inline policy", CheckStatus.FAIL, "a policy", "none", remedy=remedy)
    record = record_of(finished(e.RunStatus.DONE), e.CheckFinished(NOW, check))
    record.header = replace(HEADER, demo=demo)
    note = "DEMO: the simulated account ends with this process. After that, the aws commands above do not work."
    assert (note in result_lines(record, ())) is said
