from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from breakglass_tui.domain import events as e
from breakglass_tui.domain import recovery_events as r
from breakglass_tui.domain.calls import Call
from breakglass_tui.domain.problems import BadRequest, FieldError, Problem
from breakglass_tui.plain.event_printer import EventPrinter
from breakglass_tui.plain.words import problem_lines

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = NOW + timedelta(seconds=2.5)
STEP = e.CallSource.STEP


def printed(*events):
    lines = []
    printer = EventPrinter(lines.append)
    for event in events:
        printer.print(event)
    return lines


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (e.StepStarted(LATER, "create-user"), "create-user       started"),
        (e.CallStarted(LATER, STEP, "create-user", "iam:CreateUser", 2), "iam:CreateUser, attempt 2"),
        (e.CallDelayed(LATER, STEP, "create-user", "iam:GetUser", "throttled", 1.5), "throttled, retry in 1.5 s"),
        (
            e.CallFinished(LATER, STEP, "x", Call("iam:GetUser", "r", 12, 3, "Throttling")),
            "12 ms, 3 attempts, Throttling",
        ),
        (e.StepFinished(LATER, "x", e.StepStatus.DONE, 410, "made"), "DONE in 0.4 s: made"),
        (e.StepUndone(LATER, "x"), "UNDONE: removed"),
        (
            e.StepUndone(LATER, "x", left=Problem("Still there.", next="aws iam x")),
            "NOT REMOVED: Still there. aws iam x",
        ),
        (e.RunFinished(LATER, e.RunStatus.INCOMPLETE), "INCOMPLETE"),
        (e.RunResumed(LATER, "resume"), "run               resumed"),
        (e.RunResumed(LATER, "undo"), "run               undo started"),
        (r.CallSettled(LATER, "x", "iam:CreateUser", "done"), "iam:CreateUser, answer lost: done"),
        (r.UnmanagedFound(LATER, "x", "AKIA9"), "not changed, because this run did not create it: AKIA9"),
    ],
)
def test_an_event_is_a_line_with_the_time_since_the_first(event, line):
    lines = printed(e.StepStarted(NOW, "first"), event)
    assert lines[1].startswith("   2.5 s  ")
    assert lines[1].endswith(line)


def test_a_first_try_and_an_undo_of_nothing_are_not_worth_a_line():
    assert printed(e.CallStarted(NOW, STEP, "x", "iam:GetUser", 1), e.UndoStarted(NOW, "stopped", ())) == []


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (Call("iam:DeleteUser", "r", 12), "UNDONE: removed"),
        (Call("iam:UpdateAssumeRolePolicy", "r", 12), "UNDONE: removed"),
        (Call("iam:DeleteUser", "r", 12, 1, "NoSuchEntity"), "UNDONE: not found in AWS"),
        (Call("iam:GetUser", "r", 12), "UNDONE: not found in AWS"),
    ],
)
def test_an_undo_that_removed_nothing_is_not_called_removed(call, line):
    """A call of the step before its undo does not count."""
    earlier = e.CallFinished(NOW, STEP, "x", Call("iam:DeleteUser", "r", 12))
    lines = []
    printer = EventPrinter(lines.append)
    for event in (earlier, e.StepUndoing(NOW, "x"), e.CallFinished(NOW, STEP, "x", call), e.StepUndone(NOW, "x")):
        printer.print(event)
    assert lines[-1].endswith(line)
    assert (printer.removed, printer.not_found) == ((["x"], []) if "removed" in line else ([], ["x"]))


def test_foreign_text_cannot_steer_the_terminal():
    lines = printed(
        e.StepFinished(NOW, "x", e.StepStatus.FAILED, 1, "\x1b[2J\nfake line"), e.StepNoted(NOW, "x", "\x07")
    )
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 2


def test_a_problem_is_what_then_why_then_what_to_do():
    problem = Problem("It broke.", why="It was old.", next="Buy a new one.")
    assert problem_lines(problem) == ["breakglass-tui: It broke.", "  It was old.", "  Buy a new one."]
    bad = BadRequest((FieldError("region", "is missing"), FieldError("path", "is odd")))
    assert problem_lines(bad) == ["breakglass-tui: region: is missing", "breakglass-tui: path: is odd"]
