"""Hostile text on the start screen: the account, its users, and runs of earlier processes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_account import FakeClock
from hostile import WORST
from hostile_cloud import HostileCloud

from breakglass_tui.domain.account import AccountList
from breakglass_tui.domain.events import StepFinished
from breakglass_tui.domain.problems import Problem
from breakglass_tui.domain.request import parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.ui.state.phase import Phase


def begin(text):
    """Return the part of ``text`` that is visible if it is cut."""
    return show(text)[:9]


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 36)])
async def test_users_and_runs_are_shown_as_text(walk, until, clean, tmp_path, size):
    cloud = HostileCloud(WORST[0], own_identifiers=True)
    setup = new_setup(parse_request({"region": "eu-west-1", "user_name": "bg-night"}), cloud.account, tmp_path / "out")
    events = new_run(cloud, setup, RunStore(tmp_path / "state"), FakeClock()).events()
    for event in events:
        if isinstance(event, StepFinished):
            break
    events.close()
    async with walk(cloud, size, form=False) as pilot:
        app = pilot.app
        await until(lambda: app.session.connection.is_read and app.session.journals.history, "all of it")
        await clean(pilot, "bg-night", "not validated yet", begin(WORST[0]))
        for _ in range(8):
            await pilot.press("pagedown", *"jjjjjj")
            await clean(pilot, "not validated yet")
        app.screen.query_one("#users").focus()
        await pilot.press("end", "enter")
        await until(lambda: any("cannot be validated" in note.message for note in app._notifications), "the refusal")
        await clean(pilot, "This user cannot be")
        assert app.phase is Phase.START


async def test_why_users_cannot_be_listed_is_shown_as_text(walk, until, clean):
    cloud = HostileCloud()
    problem = Problem(WORST[0], why=WORST[1], next=WORST[2])
    cloud.account = replace(cloud.account, users=AccountList(problem=problem))
    async with walk(cloud, (80, 24), form=False) as pilot:
        await until(lambda: pilot.app.session.connection.is_read, "the account")
        await clean(pilot, "Users cannot be listed", begin(WORST[0]))


async def test_an_account_that_cannot_be_reached_says_why_on_the_start(walk, until, clean):
    cloud = HostileCloud()
    cloud.refusals["identify"] = Problem(WORST[0], why=WORST[1], next=WORST[2])
    async with walk(cloud, form=False) as pilot:
        await until(lambda: pilot.app.screen.query("ProblemPanel"), "the problem")
        await clean(pilot, *map(show, WORST))
