"""Dialogs by mouse."""

from __future__ import annotations

import pytest

from breakglass_tui.ui.dialogs.help import HelpDialog


@pytest.mark.parametrize("where", ["beside", "hint"])
async def test_a_dialog_is_left_by_a_click_beside_it_or_on_the_word_for_it(fake_cloud, assessment, until, where):
    async with assessment(fake_cloud, (120, 36)) as pilot:
        await pilot.press("f1")
        await until(lambda: isinstance(pilot.app.screen, HelpDialog), "the help")
        await pilot.pause()
        await pilot.click("#document")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpDialog)
        assert await (pilot.click(offset=(1, 1)) if where == "beside" else pilot.click(".hint"))
        await until(lambda: not isinstance(pilot.app.screen, HelpDialog), "the form")


async def test_a_click_on_a_screen_that_is_no_dialog_leads_nowhere(fake_cloud, assessment):
    async with assessment(fake_cloud, (120, 36)) as pilot:
        before = pilot.app.screen
        await pilot.click(offset=(110, 30))
        await pilot.pause()
        assert pilot.app.screen is before
