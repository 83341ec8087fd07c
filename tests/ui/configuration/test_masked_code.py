"""The QR code and the seed: masked, shown one at a time, and copied only on request."""

from __future__ import annotations

import pytest
from enrolling import RIGHT, SEED, SEED_GROUPS, send
from textual.events import AppBlur


async def test_the_code_is_masked_until_a_key_shows_it_and_the_panel_says_which(asked, hand_clock, sees, screen_text):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "r show the QR code", "Press r and scan the QR code")
        assert "▀▀▀" not in screen_text(pilot.app)
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█", "QR code hidden in 30 s")
        hand_clock.passed += 29
        await sees(pilot, "█▀▀▀▀▀█", "QR code hidden in 1 s")
        hand_clock.passed += 1
        await sees(pilot, "r show the QR code", "s show the seed as text", "r Reveal")
        assert "▀▀▀" not in screen_text(pilot.app)
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█", "QR code hidden in 30 s")


async def test_code_and_seed_are_never_shown_together(asked, sees, screen_text):
    async with asked() as pilot:
        await sees(pilot, "r show the QR code")
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "r show the QR code")
        assert "▀▀▀" not in screen_text(pilot.app)
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█")
        assert "ABCD" not in screen_text(pilot.app)


async def _resize(pilot):
    await pilot.resize_terminal(90, 30)


async def _help(pilot):
    await pilot.press("f1")


async def _look_away(pilot):
    pilot.app.post_message(AppBlur())


async def _again(pilot):
    await pilot.press("r")


async def _type_a_code(pilot):
    await pilot.press("1")


@pytest.mark.parametrize("happens", [_resize, _help, _look_away, _again, _type_a_code])
async def test_the_code_goes_when_something_happens(asked, hand_clock, until, sees, screen_text, happens):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "r show the QR code")
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█")
        await happens(pilot)
        await until(lambda: "█▀▀▀▀▀█" not in screen_text(pilot.app), "the cover")
        assert not pilot.app.shows_secret


async def test_the_seed_is_copied_on_request_and_gone_with_the_question(asked, enrolment, hand_clock, until, sees):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "First code", "c Copy")
        await pilot.press("c")
        assert pilot.app.clipboard == SEED
        await sees(pilot, "Sent to the clipboard for 30 s")
        await pilot.press(*RIGHT[0], *RIGHT[1], "enter")
        await until(lambda: not pilot.app.clipboard, "the empty clipboard")
        assert enrolment.answers == [RIGHT]


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_a_copy_does_not_push_the_seed_off_the_screen(asked, hand_clock, sees, size, refused):
    async with asked(size, clock=hand_clock) as pilot:
        await sees(pilot, "s show the seed as text")
        if refused:
            await send(pilot, "111111", "222222")
            await sees(pilot, "✗ AWS did not")
        await pilot.press("s", "c")
        await sees(pilot, *SEED_GROUPS, "hidden in", "Sent to the clipboard for 30 s", "may keep it.")
