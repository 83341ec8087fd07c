"""Validation of a user of another origin, on the simulated account: by keys, and without a write."""

from __future__ import annotations

import json

import pytest

from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.checks import MISSION, CheckStatus
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.dialogs.picker import PickerDialog

REGION = "eu-west-1"
READS = ("Get", "List", "Describe", "Simulate", "Test")


async def test_a_user_of_another_origin_is_compared_with_aws_by_keys(tmp_path, until, screen_text):
    with DemoAccount() as demo:

        def connection():
            keys = (demo.access_key_id, demo.secret_access_key)
            return connect(region=REGION, endpoint_url=demo.start(), credentials=keys, demo=True)

        app = BreakGlassApp(connection, demo=True, directory=tmp_path, journals=tmp_path / "journals")
        async with app.run_test(size=(80, 24)) as pilot:
            await until(lambda: app.session.connection.is_read, "the account")
            await until(lambda: app.screen.query("#users") and app.focused, "the start")
            await pilot.press("v")
            await until(lambda: isinstance(app.screen, PickerDialog), "the users")
            await pilot.pause()
            await pilot.press(*"terraf", "enter")
            await until(
                lambda: app.session.user_validation and app.session.user_validation.record.checks, "the first result"
            )
            await until(lambda: not app.session.user_validation.inspecting, "the checks")
            await until(lambda: "✗ NOT READY" in screen_text(app), "the verdict")
            proof = app.session.user_validation
            await pilot.press("e")
            await until(lambda: proof.exported, "the report")
    results = proof.record.checks
    assert set(results) >= set(MISSION)
    assert results["user-exists"].status is CheckStatus.PASS
    assert results["inline-policy"].status is CheckStatus.FAIL
    operations = {call.operation.partition(":")[2] for result in results.values() for call in result.calls}
    assert operations
    assert {operation for operation in operations if not operation.startswith(READS)} == set()
    report = json.loads((proof.directory / "report.json").read_text())
    assert (report["user"]["name"], report["steps"], report["readiness"]["verdict"]) == ("terraform", [], "not-ready")


@pytest.fixture
def until():
    """``await until(condition)``, with a limit for a busy machine."""
    import asyncio

    async def wait(condition, what):
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110 - the condition belongs to the screen
                await asyncio.sleep(0.02)
        assert condition(), what

    return wait
