"""From a finished run back to the start screen and to a new user. An unfinished run is not forgotten."""

from __future__ import annotations

import pytest

from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.engine.compose import new_run
from breakglass_tui.engine.verdict_store import SavedVerdict
from breakglass_tui.ui.configuration.exit_code import exit_code
from breakglass_tui.ui.state.phase import Phase


@pytest.fixture
def at_start(until):
    """Return ``at_start(pilot)``: it presses f4 and waits for the start screen."""

    async def go(pilot):
        await pilot.press("f4")
        await until(lambda: pilot.app.phase is Phase.START and pilot.app.screen.query("#users"), "the start")
        await pilot.pause()

    return go


def with_new_user(cloud, name):
    """Add the user to the list of users from now on."""
    from dataclasses import replace

    from breakglass_tui.domain.account import AccountList, User

    users = (*cloud.account.users.items, User(name, "/elsewhere/"))
    cloud.account = replace(cloud.account, users=AccountList(users))


async def test_the_user_of_a_finished_run_is_listed_and_leads_to_its_validation(
    cloud, validation, at_start, sees, until
):
    async with validation(cloud, user_name="night-shift") as pilot:
        app = pilot.app
        await sees(pilot, "✓ READY")
        with_new_user(cloud, "night-shift")
        await at_start(pilot)
        await sees(pilot, "✓ READY night-shift validated just now", "4 users, 1 ready")
        assert "users" in cloud.asked
        await pilot.press("G", "j", "G", "enter")
        await sees(pilot, "● Validation", "✓ READY")
        assert app.session.user_validation is None
        await pilot.press("e")
        await until(lambda: app.session.run.validation.exported, "the report")
        await at_start(pilot)
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "a new assessment")
        assert (app.session.run.began, app.session.run.setup) == (False, None)
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_a_report_that_was_not_written_is_asked_about_before_the_run_is_left(
    cloud, validation, at_start, sees, until
):
    async with validation(cloud, user_name="night-shift") as pilot:
        app = pilot.app
        await at_start(pilot)
        ways = (
            ("escape", Phase.START, "The report of night-shift is not exported."),
            ("y", Phase.ASSESSMENT, "The exported report of night-shift is older than the first sign-in."),
        )
        for key, phase, missing in ways:
            app.session.run.validation.outdated = "older" in missing
            await pilot.press("n")
            await sees(pilot, "Create another user without exporting the report?", missing)
            await sees(pilot, "Cancel Continue", "esc cancel y continue")
            await pilot.press(key)
            await until(lambda phase=phase: app.phase is phase and len(app.screen_stack) == 1, str(phase))
        assert not app.session.run.began


async def test_during_a_run_the_start_cannot_be_opened(cloud, summary, until, sees):
    async with summary(cloud) as pilot:
        app = pilot.app
        gate = cloud.hold("create-user")
        assert app.runs.start()
        await until(lambda: app.session.run.running, "the run")
        assert "Start" not in {command.title for command in app.get_system_commands(app.screen)}
        await pilot.press("f4")
        await pilot.pause()
        assert app.phase is Phase.SUMMARY
        assert any("After it has ended, f4 opens the start." in note.message for note in app._notifications)
        gate.set()
        await until(lambda: not app.session.run.running, "its end")
        assert "Start" in {command.title for command in app.get_system_commands(app.screen)}


async def test_a_run_that_was_left_open_is_listed_and_stays_in_the_exit_code(cloud, summary, at_start, sees, until):
    async with summary(cloud, user_name="night-shift") as pilot:
        app = pilot.app
        gate = cloud.hold("create-user")
        assert app.runs.start()
        await until(lambda: cloud.applied, "the first step")
        app.runs.stop("keep")
        gate.set()
        await until(lambda: app.session.run.record.finished_at, "its end")
        await at_start(pilot)
        await sees(pilot, "⚠ unfinished night-shift stopped after Create user", "1 run, r opens")
        await until(lambda: app.focused is app.screen.query_one("#runs"), "the focus on the run")
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#user_name"), "a new assessment")
        assert not app.session.run.began
        assert exit_code(app.session) == ExitCode.INCOMPLETE
        await at_start(pilot)
        await pilot.press("r")
        await sees(pilot, "User night-shift", "u undo")
        await pilot.press("u")
        await sees(pilot, "Remove what the run of night-shift created?")
        await pilot.press("y")
        await sees(pilot, "Everything this run created was removed.")
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT, "another assessment")
        assert exit_code(app.session) == ExitCode.DONE


async def test_the_start_is_opened_by_the_rules_of_moving(cloud, summary):
    async with summary(cloud) as pilot:
        session = pilot.app.session
        assert session.may_move(Phase.SUMMARY, Phase.SUMMARY, Phase.START)
        assert not session.may_move(Phase.SUMMARY, Phase.ASSESSMENT, Phase.START)
        session.run.engine = new_run(cloud, session.run.setup, session.journals.store, session.clock)
        assert not session.may_move(Phase.SUMMARY, Phase.SUMMARY, Phase.START)


async def test_a_verdict_that_cannot_be_saved_is_reported_and_does_no_harm(cloud, validation, sees, monkeypatch, until):
    def full(store, proof: SavedVerdict):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("breakglass_tui.engine.verdict_store.VerdictStore.save", full)
    async with validation(cloud, user_name="night-shift") as pilot:
        await sees(pilot, "✓ READY")
        await until(lambda: any(note.severity == "error" for note in pilot.app._notifications), "the notice")
        assert pilot.app.is_running
