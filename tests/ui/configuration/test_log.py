"""The log view: its lines, and that it follows new lines only at the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from textual.app import App
from textual.widgets import Footer

from breakglass_tui.domain import events as e
from breakglass_tui.domain.calls import Call
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.state.log_lines import LogLines
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.widgets.log_text import hung
from breakglass_tui.ui.widgets.reader import Reader

BEGAN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def call(number, operation="iam:CreateUser", error="", after_s=1.0):
    at = BEGAN + timedelta(seconds=after_s * number)
    return e.CallFinished(at, e.CallSource.STEP, "create-user", Call(operation, f"req-{number}", 120, 1, error))


def test_a_call_has_its_time_its_duration_and_its_request_id():
    log = LogLines()
    log.take(e.StepStarted(BEGAN, "create-user"))
    log.take(call(2, error="Throttling"))
    assert log.lines == [
        "   0.0 s  create-user       started",
        "   2.0 s  create-user       iam:CreateUser 120 ms, Throttling  req-2",
    ]


def test_what_is_not_worth_a_line_has_none_and_control_characters_are_shown_by_name():
    log = LogLines()
    log.take(e.CallStarted(BEGAN, e.CallSource.STEP, "create-user", "iam:CreateUser", 1))
    log.take(e.StepNoted(BEGAN, "create-user", "a\x1b[2Jb\nc"))
    assert len(log.lines) == 1
    assert "\x1b" not in log.lines[0]
    assert "\n" not in log.lines[0]


UUID = "7f1c6a52-3b02-4c5e-91ad-0123456789ab"


@pytest.mark.parametrize(
    ("width", "rows"),
    [
        (
            74,
            [
                "   1.0 s  create-user       iam:CreateUser 120 ms, try 2",
                f"                            {UUID}",
            ],
        ),
        (
            56,
            [
                "   1.0 s  create-user       iam:CreateUser 120 ms, try 2",
                f"                    {UUID}",
            ],
        ),
        (
            34,
            [
                "   1.0 s  create-user",
                "  iam:CreateUser 120 ms, try 2",
                f"  {UUID[:32]}",
                UUID[32:],
            ],
        ),
    ],
)
def test_a_line_has_a_hanging_indent_and_a_request_id_is_never_split(width, rows):
    line = f"   1.0 s  create-user       iam:CreateUser 120 ms, try 2  {UUID}"
    assert [row.plain for row in hung(line, width)] == rows


def test_an_arn_is_split_at_its_separators():
    rows = hung("   1.0 s  create-user       DONE: arn:aws:iam::123456789012:user/breakglass/bg-night", 60)
    assert [row.plain for row in rows] == [
        "   1.0 s  create-user       DONE: arn:aws:iam::123456789012:",
        "                            user/breakglass/bg-night",
    ]


class Alone(App[None]):
    """An App with only the log."""

    def __init__(self, log):
        super().__init__()
        self.log_lines = log

    def on_mount(self):
        self.push_screen(LogDialog(self.log_lines))


async def test_it_follows_where_every_line_takes_several_rows(until, screen_text):
    log = LogLines()
    for number in range(20):
        log.take(e.CallFinished(BEGAN, e.CallSource.STEP, "create-user", Call(f"iam:Call{number}", UUID, 120)))
    app = Alone(log)
    async with app.run_test(size=(60, 18)) as pilot:
        await until(lambda: "iam:Call19" in screen_text(app), "the end")
        await pilot.resize_terminal(50, 16)
        await until(lambda: "Log: 20 lines" in screen_text(app) and "iam:Call19" in screen_text(app), "the end again")
        log.take(call(20))
        await until(lambda: "Log: 21 lines" in screen_text(app) and "req-20" in screen_text(app), "the next line")


async def test_it_follows_at_the_end_and_pauses_for_a_reader(until, screen_text):
    log = LogLines()
    for number in range(100):
        log.take(call(number))
    app = Alone(log)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(lambda: "req-99" in screen_text(app), "the end")
        log.take(call(100))
        await until(lambda: "req-100" in screen_text(app), "the next line")
        await pilot.press("g")
        await until(lambda: "req-0 " in screen_text(app) or "req-0\n" in screen_text(app), "the beginning")
        log.take(call(101))
        await until(lambda: "paused, 1 new" in screen_text(app), "the word on it")
        await until(lambda: app.screen.query_one(Reader).scroll_y == 0, "the first line")
        await pilot.press("G")
        await until(lambda: "req-101" in screen_text(app), "the end again")
        await pilot.press("l")
        await until(lambda: not isinstance(app.screen, LogDialog), "the way back")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_run_and_its_validation_are_one_log(configuration, fake_cloud, until, screen_text, size):
    async with configuration(fake_cloud, size) as pilot:
        app = pilot.app
        await until(lambda: app.session.run.done, "the end")
        await until(lambda: "Log" in str([key.description for key in app.screen.query("FooterKey")]), "the key")
        assert app.screen.query_one(Footer).max_scroll_x == 0
        await pilot.press("enter")
        await until(lambda: app.phase is Phase.VALIDATION and app.screen.is_active, "the proof")
        await until(
            lambda: app.session.run.validation.record.checks and not app.session.run.validation.inspecting, "the checks"
        )
        await pilot.press("l")
        await until(lambda: isinstance(app.screen, LogDialog), "the log")
        lines = app.session.run.validation.log.lines
        assert any("create-user" in line and "DONE" in line for line in lines)
        assert any("PASS" in line and "user-exists" in line for line in lines)
        await until(lambda: lines[-1].split()[2] in screen_text(app), "its last line")
        await pilot.press("question_mark")
        await until(lambda: "Help: Log" in screen_text(app), "the help")
