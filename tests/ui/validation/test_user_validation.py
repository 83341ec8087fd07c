"""Validation of any user of the account: opened from any screen, read-only, separate from the session's run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.compose import new_run
from breakglass_tui.engine.known_user import KnownUser
from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.validation.user_name_dialog import UserNameDialog
from breakglass_tui.ui.validation.user_validation import user_items, user_validation

SIZES = [(80, 24), (120, 36)]
DENIED = Problem("Access to iam:ListUsers is denied.", why="no", next="ask", kind=Kind.REFUSED)


@pytest.fixture
def subjects(fake_cloud):
    """The subjects of the checks, in order."""
    asked, checks = [], fake_cloud.checks

    def checks_of(subject):
        asked.append(subject)
        return checks(subject)

    fake_cloud.checks = checks_of
    return asked


@pytest.fixture
def picked(until):
    """``await picked(pilot, name)``: select that user, and wait until every check of its validation is done."""

    async def pick(pilot, name, *, done=True):
        app = pilot.app
        app.users.show()
        await until(lambda: isinstance(app.screen, PickerDialog), "the users")
        await pilot.pause()
        await pilot.press(*name, "enter")
        await until(lambda: app.session.user_validation and app.session.user_validation.user_name == name, "the visit")
        await until(lambda: app.screen.query("#checks") and app.screen.focused, "the validation")
        if done:
            await until(lambda: not app.session.user_validation.inspecting, "the checks")
        await pilot.pause()

    return pick


def palette(app):
    return {command.title for command in app.get_system_commands(app.screen)}


@pytest.mark.parametrize("size", SIZES)
async def test_f3_opens_any_user_and_esc_returns_with_everything_kept(
    fake_cloud, assessment, until, screen_text, subjects, size
):
    async with assessment(fake_cloud, size) as pilot:
        app = pilot.app
        app.session.draft.user_name, app.session.draft.access = "night-shift", "both"
        await pilot.press("f3")
        await until(lambda: isinstance(app.screen, PickerDialog), "the users")
        await pilot.pause()
        await pilot.press(*"ali", "enter")
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")
        text = screen_text(app)
        assert "● Validation of Alice" in text
        assert "read-only" in text
        assert "○ Summary" not in text
        assert app.screen.query_one("Footer").max_scroll_x == 0
        (subject,) = subjects
        assert (subject.user_name, subject.request, subject.vault) == ("Alice", None, None)
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "the assessment")
        await until(lambda: "night-shift" in screen_text(app), "what was typed")
        assert "● both" in screen_text(app)
        assert not app.session.run.began
        assert app.session.user_validation is None
        assert app.session.run.record.checks == {}


async def test_the_palette_offers_it_and_the_help_names_the_key(fake_cloud, assessment, until, screen_text):
    async with assessment(fake_cloud, (120, 36)) as pilot:
        assert "Validate a user" in palette(pilot.app)
        assert len(pilot.app.screen.query("FooterKey")) <= 6
        await pilot.press("f1")
        await until(lambda: isinstance(pilot.app.screen, HelpDialog) and pilot.app.focused, "the help")
        await until(lambda: "f3         validate any user of the account" in screen_text(pilot.app), "the key in it")


async def test_the_report_of_a_visited_user_has_its_own_directory(fake_cloud, assessment, until, screen_text, picked):
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        await picked(pilot, "bob")
        await pilot.press("e")
        await until(lambda: app.session.user_validation.exported, "the report")
        await until(lambda: "Report exported." in screen_text(app), "the note")
        paths = app.session.user_validation.exported
        assert app.session.run.validation.exported == ()
    (directory,) = {path.parent for path in paths}
    assert directory == app.session.directory / "20261122T093000Z-bob"
    report = json.loads((directory / "report.json").read_text())
    assert report["request"] == {"region": "eu-west-1", "user_name": "bob"}
    assert (report["steps"], report["run"]["status"]) == ([], "done")
    assert len(report["checks"]) == 4


@pytest.mark.parametrize("opened_from", [Phase.VALIDATION, Phase.CONFIGURATION])
async def test_a_finished_run_keeps_its_validation_while_another_user_is_visited(
    fake_cloud, validation, until, screen_text, subjects, picked, opened_from
):
    async with validation(fake_cloud, user_name="me") as pilot:
        app = pilot.app
        await until(lambda: "✓ READY" in screen_text(app), "the proof of the run")
        if opened_from is Phase.CONFIGURATION:
            await pilot.press("escape")
            await until(lambda: app.phase is Phase.CONFIGURATION and app.screen.focused, "the steps")
        fake_cloud.results["access"] = CheckResult("access", "Access", CheckStatus.FAIL, "", "no way in")
        await picked(pilot, "Alice")
        await until(lambda: "✗ NOT READY" in screen_text(app), "the verdict")
        await pilot.press("e")
        await until(lambda: app.session.user_validation.exported, "the report of the other")
        await pilot.press("escape")
        await until(
            lambda: app.session.user_validation is None and app.phase is opened_from and app.screen.focused, "the run"
        )
        assert app.session.run.record.readiness.verdict.value == "ready"
        assert app.session.run.validation.exported == ()
        if opened_from is Phase.VALIDATION:
            await until(lambda: "✓ READY" in screen_text(app), "the verdict")
            fake_cloud.results.clear()
            await pilot.press("R")
            await until(lambda: len(subjects) == 3, "the checks of the run's user")
            await until(lambda: not app.session.run.validation.inspecting, "their end")
            assert (subjects[-1].user_name, subjects[-1].request.user_name) == ("me", "me")
            await pilot.press("e")
            await until(lambda: app.session.run.validation.exported, "the report of the run")
            assert app.session.run.validation.exported[0].parent == app.session.run.setup.envelopes.directory
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_from_one_user_to_the_next_the_origin_stays_the_same(fake_cloud, assessment, until, picked):
    async with assessment(fake_cloud) as pilot:
        await picked(pilot, "Alice")
        await picked(pilot, "bob")
        await pilot.press("escape")
        await until(lambda: pilot.app.phase is Phase.ASSESSMENT, "the assessment")


async def test_the_user_of_the_run_is_offered_first_and_opens_its_own_validation(
    fake_cloud, validation, until, screen_text, subjects, picked
):
    async with validation(fake_cloud, user_name="me") as pilot:
        app = pilot.app
        await until(lambda: "✓ READY" in screen_text(app), "the proof of the run")
        await picked(pilot, "Alice")
        app.users.show()
        await until(lambda: isinstance(app.screen, PickerDialog), "the users")
        await pilot.pause()
        assert "✓ me  created in this session" in screen_text(app)
        await pilot.press("enter")
        await until(lambda: app.session.user_validation is None and "● Validation" in screen_text(app), "the run's own")
        await until(lambda: "✓ READY" in screen_text(app), "its verdict")
        assert len(subjects) == 2


async def test_late_results_do_not_reach_the_next_validation(fake_cloud, assessment, until, screen_text, picked):
    gate = fake_cloud.hold("access")
    fake_cloud.results["access"] = CheckResult("access", "Access", CheckStatus.FAIL, "", "no way in")
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        await picked(pilot, "Alice", done=False)
        await until(lambda: "3 of 4 checks done" in screen_text(app), "three checks")
        first = app.session.user_validation
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.ASSESSMENT, "the assessment")
        fake_cloud._gates.clear()
        del fake_cloud.results["access"]
        await picked(pilot, "bob")
        fake_cloud.results["access"] = CheckResult("access", "Access", CheckStatus.FAIL, "", "no way in")
        gate.set()
        await until(lambda: not first.inspecting, "the end of the first")
        await pilot.pause()
        assert first.record.checks["access"].status is CheckStatus.FAIL
        assert app.session.user_validation.record.checks["access"].status is CheckStatus.PASS
        await until(lambda: "✓ READY" in screen_text(app), "the verdict")


async def test_leaving_stops_the_waiting_checks(fake_cloud, assessment, until, screen_text, picked):
    gate = fake_cloud.hold("access")
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        await picked(pilot, "Alice", done=False)
        await until(lambda: "3 of 4 checks done" in screen_text(app), "three checks")
        left = app.session.user_validation
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.ASSESSMENT and left._inspection._stop.is_set(), "the end")
        gate.set()


async def test_while_a_run_is_active_no_other_user_is_validated(fake_cloud, summary, until):
    async with summary(fake_cloud) as pilot:
        app = pilot.app
        gate = fake_cloud.hold("create-user")
        assert app.runs.start()
        await until(lambda: app.session.run.running, "the run")
        assert "Validate a user" not in palette(app)
        app.users.show()
        app.users.validate("Alice")
        await pilot.pause()
        assert any("A run is active." in note.message for note in app._notifications)
        assert app.session.user_validation is None
        gate.set()
        await until(lambda: not app.session.run.running, "its end")
        assert "Validate a user" in palette(app)


async def test_the_validation_waits_for_the_account(fake_cloud, assessment):
    fake_cloud.hold("users")
    async with assessment(fake_cloud, read=False) as pilot:
        await pilot.press("f3")
        await pilot.pause()
        assert pilot.app.phase is Phase.ASSESSMENT
        assert any("still being read" in note.message for note in pilot.app._notifications)


@pytest.mark.parametrize("size", SIZES)
async def test_without_a_list_the_name_is_typed(fake_cloud, assessment, until, screen_text, subjects, size):
    fake_cloud.account = replace(fake_cloud.account, users=AccountList(problem=DENIED))
    async with assessment(fake_cloud, size) as pilot:
        app = pilot.app
        await pilot.press("f3")
        await until(lambda: isinstance(app.screen, UserNameDialog) and app.focused, "the field")
        await pilot.press("enter")
        await until(lambda: "✗ type a user name" in screen_text(app), "the refusal of nothing")
        await pilot.press(*"../me", "enter")
        await until(lambda: "'/' is not allowed" in screen_text(app), "the refusal of a path")
        assert "Access to iam:ListUsers is denied." in screen_text(app)
        await pilot.press(*["backspace"] * 5, *"carol", "enter")
        await until(lambda: "● Validation of carol" in screen_text(app), "the validation")
        assert [subject.user_name for subject in subjects] == ["carol"]


async def test_an_account_that_was_not_read_is_read_for_the_visit(fake_cloud, validation, until, subjects):
    """An app after a run of an earlier process, for which the account was not read."""
    async with validation(fake_cloud, user_name="me") as pilot:
        app = pilot.app
        await until(
            lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the run's own"
        )
        app.session.connection.account = None
        app.users.show()
        await until(lambda: isinstance(app.screen, UserNameDialog) and app.focused, "the field")
        await pilot.press("ctrl+u", *"bob", "enter")
        await until(lambda: app.session.user_validation and not app.session.user_validation.inspecting, "the visit")
        assert (subjects[-1].user_name, subjects[-1].account.complete) == ("bob", True)


async def test_a_visit_that_cannot_start_shows_why(fake_cloud, assessment, until, screen_text, picked):
    def refuse(subject):
        raise DENIED

    fake_cloud.checks = refuse
    async with assessment(fake_cloud) as pilot:
        await picked(pilot, "bob")
        await until(lambda: "– NOT PROVEN" in screen_text(pilot.app), "the verdict")
        await until(lambda: DENIED.what in screen_text(pilot.app), "why")
        assert "ctrl+r checks again." in screen_text(pilot.app)


def test_generated_names_come_first_and_invalid_names_cannot_be_selected():
    items = user_items(("zoe", "break-glass-20260101-abcdef", "[bold]eve\x1b[31m", "../../x", "me"), "me")
    assert [item.id for item in items if not item.obstacle] == ["me", "break-glass-20260101-abcdef", "zoe"]
    assert [item.id for item in items if item.obstacle] == ["../../x", "[bold]eve\x1b[31m"]


async def test_a_visit_moves_by_the_rules_of_moving(fake_cloud, summary):
    async with summary(fake_cloud) as pilot:
        session = pilot.app.session
        other = user_validation(session, KnownUser("bob"), Phase.SUMMARY)
        assert session.may_move(Phase.SUMMARY, Phase.SUMMARY, Phase.VALIDATION, other)
        assert not session.may_move(Phase.SUMMARY, Phase.SUMMARY, Phase.VALIDATION)
        assert not session.may_move(Phase.SUMMARY, Phase.ASSESSMENT, Phase.VALIDATION, other)
        assert not session.may_move(Phase.SUMMARY, Phase.SUMMARY, Phase.CONFIGURATION, other)
        session.user_validation = other
        assert session.may_move(Phase.VALIDATION, Phase.VALIDATION, Phase.SUMMARY)
        assert not session.may_move(Phase.VALIDATION, Phase.VALIDATION, Phase.CONFIGURATION)
        session.run.engine = new_run(fake_cloud, session.run.setup, session.journals.store, session.clock)
        assert not session.may_move(Phase.SUMMARY, Phase.SUMMARY, Phase.VALIDATION, other)
