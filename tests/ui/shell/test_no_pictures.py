"""The App writes no picture of the screen to a file."""

from __future__ import annotations

import pytest
from textual.app import App

from breakglass_tui.domain.problems import Problem
from breakglass_tui.ui.shell.no_pictures import REFUSED

PASSWORD = "correct-HORSE-battery-42"


@pytest.fixture(autouse=True)
def _where_files_would_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


async def test_no_picture_is_made_in_memory_while_a_secret_is_shown(envelope, sees):
    app = envelope()
    async with app.run_test() as pilot:
        assert "bg-alice" in app.export_screenshot()
        await pilot.press("r")
        await sees(app, PASSWORD)
        with pytest.raises(Problem, match="while a secret is on the screen"):
            app.export_screenshot()


@pytest.mark.parametrize("revealed", [True, False])
@pytest.mark.parametrize("way", ["action", "deliver_screenshot", "save_screenshot"])
async def test_no_way_to_a_picture_writes_a_file(envelope, sees, until, tmp_path, way, revealed):
    app = envelope()
    async with app.run_test() as pilot:
        if revealed:
            await pilot.press("r")
            await sees(app, PASSWORD)
        if way == "action":
            await app.run_action(f"app.screenshot('shot.svg', '{tmp_path}')")
        else:
            assert not getattr(app, way)("shot.svg", str(tmp_path))
        await until(lambda: [one.message for one in app._notifications] == [REFUSED], "the notice")
        await app.workers.wait_for_complete()
    assert list(tmp_path.iterdir()) == []


async def test_a_delay_from_the_environment_takes_no_picture_either(envelope, tmp_path, monkeypatch, until):
    monkeypatch.setattr("textual.constants.SCREENSHOT_DELAY", 0.01)
    monkeypatch.setattr("textual.constants.SCREENSHOT_LOCATION", str(tmp_path))
    app = envelope()
    async with app.run_test():
        await until(lambda: app._exit, "the end that Textual puts after its picture")
    assert list(tmp_path.iterdir()) == []


def test_no_binding_of_the_app_takes_a_picture(envelope):
    app = envelope()
    actions = {binding.action for bindings in app._bindings.key_to_bindings.values() for binding in bindings}
    assert "reveal" in actions
    assert not any("screenshot" in action for action in actions)
    assert callable(App.action_screenshot), "Textual calls it something else now"
