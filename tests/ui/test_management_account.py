"""The management account of an organization is marked in words and in red."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reviewing import looked

from breakglass_tui.ui.widgets.identity_bar import IdentityBar


@pytest.mark.parametrize("width", [60, 80])
async def test_it_is_shown_on_top_in_red_with_a_warning_in_the_summary(fake_cloud, summary, until, screen_text, width):
    fake_cloud.account = replace(fake_cloud.account, management=True)
    async with summary(fake_cloud, (width, 40), demo=False) as pilot:
        await looked(pilot, until)
        bar, text = pilot.app.screen.query_one(IdentityBar), screen_text(pilot.app)
        red = pilot.app.theme_variables["error"]
        assert bar.styles.color.hex.lower() == red.lower()
    top = text.splitlines()[0]
    assert "MANAGEMENT ACCOUNT" in top
    assert "1234-5678-9012" in top
    assert "⚠ WARN  This is the management account of an" in text
    assert "3 warn" in text


@pytest.mark.parametrize("management", [None, False])
async def test_any_other_account_has_no_such_notice(fake_cloud, summary, until, screen_text, management):
    fake_cloud.account = replace(fake_cloud.account, management=management)
    async with summary(fake_cloud) as pilot:
        await looked(pilot, until)
        text = screen_text(pilot.app)
    assert "management account" not in text.casefold()
    assert "2 warn" in text
