"""Portraits of a run: a QR code, a secret to store, the end, and the stop dialog."""

from __future__ import annotations

import secrets
from types import SimpleNamespace

import pytest
from portrait import portrait

from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.configuration.stop_dialog import StopDialog


async def test_a_code_to_scan(asked, sees, snapshot, hand_clock):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "First code")
        assert await portrait(pilot) == snapshot


async def test_a_secret_to_store(configuration, fake_cloud, sees, snapshot, hand_clock):
    def ask(context):
        return StepOutcome(str(context.ask(StoreSecret("Console password", Secret("correct-HORSE-battery-42")))))

    fake_cloud.on_apply["login-profile"] = ask
    async with configuration(fake_cloud, clock=hand_clock) as pilot:
        await sees(pilot, "Store this now")
        assert await portrait(pilot) == snapshot


@pytest.mark.parametrize("ending", ["done", "taken back"])
async def test_the_end(configuration, fake_cloud, refused, until, snapshot, ending, hand_clock):
    if ending == "taken back":
        fake_cloud.on_apply["login-profile"] = refused
    async with configuration(fake_cloud, clock=hand_clock) as pilot:
        await until(lambda: pilot.app.session.run.record.finished_at is not None, "the end")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


@pytest.fixture
def fixed_run_id(monkeypatch):
    """Give each run the same id. The name of the MFA device contains it."""
    generator = SimpleNamespace(token_hex=lambda _: "00aa11bb22cc33dd", choice=secrets.choice)
    monkeypatch.setattr("breakglass_tui.engine.compose.secrets", generator)


@pytest.mark.usefixtures("fixed_run_id")
async def test_the_question_whether_to_stop(asked, sees, until, snapshot, hand_clock):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "First code")
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, StopDialog), "the dialog")
        assert await portrait(pilot) == snapshot
