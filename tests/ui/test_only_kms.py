"""A seal with KMS alone: the confirmation opens only after a second seal or the typed words."""

from __future__ import annotations

import pytest

from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.offline_seals import OfflineSealsDialog
from breakglass_tui.ui.dialogs.only_kms import OnlyKmsDialog
from breakglass_tui.ui.flow import Phase
from breakglass_tui.ui.screens.summary import SummaryScreen

SIZES = [(80, 24), (120, 36)]
KMS = {"kms_key_id": "alias/break-glass"}
ANNA = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"


@pytest.fixture
def asked(summary, until):
    """``async with asked(cloud, size, demo=…) as pilot``: enter was pressed, and the question is open."""

    class Asked:
        def __init__(self, cloud, size=(80, 24), **values):
            self.screen = summary(cloud, size, **KMS, **values)

        async def __aenter__(self):
            pilot = await self.screen.__aenter__()
            await until(lambda: not pilot.app.session.prechecking, "the checks")
            await pilot.pause()
            await pilot.press("enter")
            await until(lambda: isinstance(pilot.app.screen, OnlyKmsDialog), "the question")
            await pilot.pause()
            return pilot

        async def __aexit__(self, *error):
            await self.screen.__aexit__(*error)

    return Asked


@pytest.mark.parametrize("size", SIZES)
async def test_only_the_typed_words_lead_to_the_confirmation(fake_cloud, asked, until, screen_text, size):
    async with asked(fake_cloud, size) as pilot:
        await pilot.press(*"yes", "enter")
        await until(lambda: "Type only kms to continue" in screen_text(pilot.app), "the refusal")
        assert pilot.app.screen.query_one("#dialog").max_scroll_y == 0
        await pilot.press("ctrl+u", *"Only", "space", *"KMS", "enter")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the confirmation")
        await pilot.press("y")
        await until(lambda: pilot.app.phase is Phase.CONFIGURATION, "the run")
        await until(lambda: pilot.app.session.record.finished_at, "its end")


async def test_a_real_account_asks_for_its_digits_as_well(fake_cloud, asked, until):
    fake_cloud.demo = False
    async with asked(fake_cloud, demo=False) as pilot:
        await pilot.press(*"only", "space", *"kms", "enter")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the confirmation")
        await pilot.press("y")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmDialog)
        await pilot.press(*"9012", "enter")
        await until(lambda: pilot.app.phase is Phase.CONFIGURATION, "the run")
        await until(lambda: pilot.app.session.record.finished_at, "its end")


async def test_one_key_leads_to_a_seal_and_with_a_seal_there_is_no_question(fake_cloud, asked, until, paste):
    async with asked(fake_cloud) as pilot:
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, OfflineSealsDialog), "the seals")
        await pilot.pause()
        await paste(pilot, ANNA)
        await pilot.press("ctrl+n")
        await until(lambda: not isinstance(pilot.app.screen, OfflineSealsDialog), "the form")
        assert not pilot.app.review()
        assert pilot.app.session.setup.request.has_seal
        assert not pilot.app.session.setup.request.only_kms
        assert not pilot.app.session.seals_wanted


async def test_escape_changes_nothing_on_the_summary(fake_cloud, asked, until):
    async with asked(fake_cloud) as pilot:
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, SummaryScreen), "the summary")
        assert pilot.app.session.run is None


async def test_a_leads_from_the_summary_to_the_seals(fake_cloud, summary, until):
    async with summary(fake_cloud, **KMS) as pilot:
        await pilot.press("a")
        await until(lambda: isinstance(pilot.app.screen, OfflineSealsDialog), "the seals")


async def test_a_second_seal_needs_no_word(fake_cloud, summary, until):
    async with summary(fake_cloud, **KMS, seal_to=ANNA) as pilot:
        await until(lambda: not pilot.app.session.prechecking, "the checks")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the confirmation")
