"""Dialogs by mouse."""

from __future__ import annotations

import pytest
from mouse_hand import click
from textual.command import CommandPalette

from breakglass_tui.ui.dialogs.help import HelpDialog
from breakglass_tui.ui.widgets.hints import said_keys


@pytest.mark.parametrize("where", ["beside", "hint"])
async def test_a_dialog_closes_by_a_click_beside_it_or_on_its_hint(fake_cloud, assessment, until, where):
    async with assessment(fake_cloud, (120, 36)) as pilot:
        await pilot.press("f1")
        await until(lambda: isinstance(pilot.app.screen, HelpDialog), "the help")
        await pilot.pause()
        await pilot.click("#document")
        await click(pilot, "PgUp PgDn scroll")
        assert isinstance(pilot.app.screen, HelpDialog)
        await click(pilot, "DEMO" if where == "beside" else "esc close")
        await until(lambda: not isinstance(pilot.app.screen, HelpDialog), "the form")


async def test_a_click_on_a_screen_does_nothing(fake_cloud, assessment):
    async with assessment(fake_cloud, (120, 36)) as pilot:
        before = pilot.app.screen
        assert await pilot.click(offset=(110, 30))
        await pilot.pause()
        assert pilot.app.screen is before


async def test_a_click_beside_the_palette_closes_it_and_nothing_more(fake_cloud, summary, until):
    async with summary(fake_cloud) as pilot:
        before = pilot.app.screen
        await click(pilot, "^p palette")
        await until(lambda: isinstance(pilot.app.screen, CommandPalette), "the palette")
        await pilot.pause()
        await click(pilot, "DEMO")
        await until(lambda: pilot.app.screen is before, "the summary again")
        await pilot.pause()
        assert pilot.app.screen is before


@pytest.mark.parametrize(
    ("hint", "keys"),
    [
        ("esc close   ↑ ↓ PgUp PgDn scroll   G follow", ["escape", "G"]),
        ("tab Terraform   s save   y copy   esc close", ["tab", "s", "y", "escape"]),
        ("3 found · space select · esc close", ["space", "escape"]),
        ("r resume   ctrl+r retry   j k other run", ["r", "ctrl+r", "j"]),
        ("esc no   type the digits, then enter", ["escape"]),
        ("no match", []),
    ],
)
def test_a_hint_names_keys_before_what_they_do(hint, keys):
    assert [key for _, key in said_keys(hint)] == keys
