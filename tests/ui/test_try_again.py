"""ctrl+r beside a problem: the screen names the key, and the key retries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.checks import CheckResult, CheckStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog
from breakglass_tui.ui.state.phase import Phase

DENIED = Problem("AWS refused to list.", why="It is not allowed.", next="Ask for it.", kind=Kind.REFUSED)
UNREADABLE = Problem("The runs cannot be read.", why="The disk says so.", next="Look at it.", kind=Kind.LOCAL)


@pytest.fixture
def sees(until, screen_text):
    """``await sees(app, text)``: the text is on the screen, however it is wrapped."""

    async def wait(app, text):
        await until(lambda: text in " ".join(screen_text(app).replace("│", " ").split()), text)

    return wait


def offered(app):
    return "Retry" in {command.title for command in app.get_system_commands(app.screen)}


async def test_at_the_start_users_and_runs_that_could_not_be_read_are_read_again(
    fake_cloud, make_app, until, sees, monkeypatch
):
    readable, users = RunStore.runs, fake_cloud.account.users

    def unreadable(store):
        raise UNREADABLE

    monkeypatch.setattr(RunStore, "runs", unreadable)
    fake_cloud.account = replace(fake_cloud.account, users=AccountList(problem=DENIED))
    app = make_app(fake_cloud)
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(
            app, "✗ The runs cannot be read. The disk says so. Look at it. ctrl+r reads the missing parts again."
        )
        await sees(app, "v asks for a name. ctrl+r reads the missing parts again.")
        assert offered(app)
        await until(lambda: app.session.connection.account.complete, "the account")
        monkeypatch.setattr(RunStore, "runs", readable)
        fake_cloud.account = replace(fake_cloud.account, users=users)
        await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")
        await pilot.press("ctrl+r")
        await sees(app, "None on this machine.")
        await sees(app, "None yet. Press n to create one.")
        assert not offered(app)
        await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")


async def test_in_the_form_what_could_not_be_listed_is_read_again_and_nothing_typed_is_lost(
    fake_cloud, assessment, until, sees, go_to
):
    groups = fake_cloud.account.groups
    fake_cloud.account = replace(fake_cloud.account, groups=AccountList(problem=DENIED), admin_policy=DENIED)
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        await sees(app, "ctrl+r reads the missing parts again.")
        await go_to(pilot, "user_name")
        await pilot.press(*"night")
        await pilot.press("f2")
        assert any(str(DENIED) in note.message and "ctrl+r" in note.message for note in app._notifications)
        await until(lambda: not any(worker.is_running for worker in app.workers), "the threads")
        fake_cloud.account = replace(fake_cloud.account, groups=groups)
        gate = fake_cloud.hold("connect")
        await pilot.press("ctrl+r")
        await sees(app, "◌ reading Regions, Admin")
        assert app.screen.query_one("#region")._items is None, "another Region now would be lost"
        gate.set()
        await until(lambda: app.session.connection.is_read, "the account")
        await sees(app, "ctrl+r reads the missing parts again.")
        assert app.screen.query_one("#groups")._items
        assert app.session.draft.user_name == "night"


async def test_on_the_summary_checks_that_failed_are_run_again(fake_cloud, summary, until, sees):
    title = "You may do all of this"
    failed = CheckResult("caller-may", title, CheckStatus.FAIL, "allowed", "denied", remedy="Ask for it.")
    fake_cloud.results["caller-may"] = failed
    async with summary(fake_cloud, (120, 36)) as pilot:
        await sees(pilot.app, f"{title}: denied")
        await sees(pilot.app, "ctrl+r checks again.")
        assert offered(pilot.app)
        del fake_cloud.results["caller-may"]
        await pilot.press("ctrl+r")
        await until(lambda: not pilot.app.session.run.prechecking, "the looks")
        await until(lambda: not offered(pilot.app), "the last of it")


async def test_an_unfinished_run_can_be_resumed_from_its_result(fake_cloud, summary, until, sees):
    async with summary(fake_cloud, user_name="night-shift") as pilot:
        app = pilot.app
        gate = fake_cloud.hold("create-user")
        assert app.runs.start()
        app.move(Phase.SUMMARY, Phase.CONFIGURATION)
        await until(lambda: fake_cloud.applied and app.phase is Phase.CONFIGURATION, "the first step")
        assert not offered(app)
        app.runs.stop("keep")
        gate.set()
        await sees(app, "ctrl+r resume or remove it here")
        await pilot.press("ctrl+r")
        await until(lambda: isinstance(app.screen, UnfinishedDialog), "the run")
        await sees(app, "r resume u undo")
        await sees(app, "1 of 3 steps done")
        await pilot.press("r")
        await sees(app, "Resume the run that creates night-shift?")
        await pilot.press("y")
        await until(lambda: app.session.run.done, "its end")
        assert fake_cloud.applied.count("create-user") == 1


async def test_checks_that_could_not_start_are_retried(fake_cloud, validation, until, sees, monkeypatch):
    def broken(subject):
        raise DENIED

    monkeypatch.setattr(fake_cloud, "checks", broken)
    async with validation(fake_cloud) as pilot:
        app = pilot.app
        await sees(app, "✗ AWS refused to list. It is not allowed. Ask for it. ctrl+r checks again.")
        monkeypatch.undo()
        await pilot.press("ctrl+r")
        await sees(app, "✓ READY")
        await sees(app, "4 pass")
        assert app.session.run.validation.problem is None
        assert not offered(app)


async def test_a_report_and_a_check_are_retried(fake_cloud, validation, until, sees):
    failed = CheckResult("user-exists", "IAM user", CheckStatus.FAIL, "there", "gone", remedy="Make it.")
    fake_cloud.results["user-exists"] = failed
    async with validation(fake_cloud, (120, 36)) as pilot:
        app = pilot.app
        await until(
            lambda: app.session.run.validation.titles and not app.session.run.validation.inspecting, "the checks"
        )
        await sees(app, "Make it. Press r to retry this check.")
        directory = app.session.run.setup.envelopes.directory
        directory.parent.mkdir(parents=True, exist_ok=True)
        directory.write_text("a file where the directory should be")
        await pilot.press("e")
        await sees(app, "ctrl+r tries again.")
        directory.unlink()
        await pilot.press("ctrl+r")
        await until(lambda: app.session.run.validation.exported, "the report")
        fake_cloud.inspected.clear()
        del fake_cloud.results["user-exists"]
        await pilot.press("ctrl+r")
        await until(lambda: not app.session.run.validation.inspecting and not offered(app), "the check")
        assert fake_cloud.inspected == ["user-exists"]
