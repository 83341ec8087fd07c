"""The App ends during a run, by a signal or because it is closed. Nothing of the run is lost."""

from __future__ import annotations

import signal

import pytest

from breakglass_tui.domain.events import RunFinished, RunStatus
from breakglass_tui.engine.journal import read
from breakglass_tui.engine.run_store import FILE

TERM = 128 + signal.SIGTERM


def last_event(app):
    return list(read(app.session.journals.directory / "runs" / app.session.run.setup.run_id / FILE))[-1]


async def test_a_signal_lets_the_step_in_flight_end_keeps_what_was_made_and_exits_with_6(
    configuration, fake_cloud, sees, until
):
    gate = fake_cloud.hold("login-profile")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "◌ running Console sign-in")
        app.leave_on_signal(TERM)
        await sees(pilot, "Stopping: the current call finishes first…")
        assert app.return_code is None
        gate.set()
        await until(lambda: app.return_code is not None, "the exit")
    assert (app.return_code, fake_cloud.undone) == (6, [])
    assert [step.id for step in app.session.run.record.steps.values() if step.is_done] == [
        "create-user",
        "login-profile",
    ]
    assert isinstance(last_event(app), RunFinished)


async def test_a_signal_before_anything_has_started_exits_as_interrupted(configuration, fake_cloud, until):
    gate = fake_cloud.hold("quota")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await until(lambda: "quota" in fake_cloud.inspected, "the looks")
        app.leave_on_signal(TERM)
        gate.set()
        await until(lambda: app.return_code is not None, "the exit")
    assert (app.return_code, fake_cloud.applied) == (130, [])


async def test_a_signal_halts_an_undo_and_the_rest_can_be_removed_later(
    configuration, fake_cloud, refused, sees, until
):
    fake_cloud.on_apply["login-profile"] = refused
    gate = fake_cloud.hold("undo-login-profile")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "↩ undoing Console sign-in")
        app.leave_on_signal(TERM)
        gate.set()
        await until(lambda: app.return_code is not None, "the exit")
    assert (app.return_code, fake_cloud.undone) == (6, ["login-profile"])
    assert last_event(app).status is RunStatus.INCOMPLETE


async def test_quitting_twice_halts_an_undo(configuration, fake_cloud, refused, sees, until):
    fake_cloud.on_apply["login-profile"] = refused
    gate = fake_cloud.hold("undo-login-profile")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "↩ undoing Console sign-in")
        await pilot.press("ctrl+q", "ctrl+q")
        gate.set()
        await until(lambda: app.return_code is not None, "the exit")
    assert (app.return_code, fake_cloud.undone) == (6, ["login-profile"])


async def test_quitting_once_lets_an_undo_come_to_its_end(configuration, fake_cloud, refused, sees, until):
    fake_cloud.on_apply["login-profile"] = refused
    gate = fake_cloud.hold("undo-login-profile")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "↩ undoing Console sign-in")
        await pilot.press("ctrl+q")
        gate.set()
        await until(lambda: app.return_code is not None, "the exit")
    assert (app.return_code, fake_cloud.undone) == (5, ["login-profile", "create-user"])


@pytest.mark.parametrize("status", [RunStatus.DONE, RunStatus.INCOMPLETE])
async def test_a_signal_after_the_end_reports_what_is_unfinished(configuration, fake_cloud, sees, until, status):
    gate = fake_cloud.hold("login-profile")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "◌ running Console sign-in")
        if status is RunStatus.INCOMPLETE:
            app.runs.stop("keep")
        gate.set()
        await until(lambda: app.session.run.record.finished_at, "the end")
        app.leave_on_signal(TERM)
        await until(lambda: app.return_code is not None, "the exit")
    assert app.return_code == (TERM if status is RunStatus.DONE else 6)


async def test_an_app_that_is_closed_stops_the_run_which_still_records_its_end(configuration, fake_cloud, sees, until):
    gate = fake_cloud.hold("login-profile")
    async with configuration(fake_cloud) as pilot:
        app = pilot.app
        await sees(pilot, "◌ running Console sign-in")
        app.quitting.app_ends()
        gate.set()
        await until(lambda: isinstance(last_event(app), RunFinished), "the end in the journal")
    assert (last_event(app).status, fake_cloud.undone) == (RunStatus.INCOMPLETE, [])
    assert [step.id for step in app.session.journals.store.find(app.session.run.setup.run_id).record.may_exist] == [
        "create-user",
        "login-profile",
    ]


async def test_a_run_is_started_once(configuration, fake_cloud, sees):
    async with configuration(fake_cloud) as pilot:
        assert not pilot.app.runs.start()
        await sees(pilot, "3 of 3 done in")
        assert not pilot.app.runs.start()
        assert fake_cloud.applied == ["create-user", "login-profile", "inline-policy"]
