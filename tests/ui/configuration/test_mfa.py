"""The enrolment of the MFA device by the operator: scan, two codes, refusals."""

from __future__ import annotations

from itertools import pairwise

import pytest
from enrolling import NAME, REFUSED, RIGHT, SEED_GROUPS, URI, send
from textual import events
from textual.widgets import Footer, Input

from breakglass_tui.ui.widgets.qr import matrix_of, quiet_zone

WRONG = ("111111", "222222")
DARK = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


async def test_two_right_codes_go_to_the_step_and_the_panel_goes_away(asked, enrolment, sees):
    async with asked() as pilot:
        await sees(pilot, "Enrol the MFA device", f"{NAME}-[x]", "Press r and scan the QR code", "r Reveal", "s Seed")
        await pilot.press(*RIGHT[0], *RIGHT[1], "enter")
        await sees(pilot, "✓ done Enrol MFA device", "4 of 4 done")
        assert enrolment.answers == [RIGHT]


async def test_wrong_codes_are_explained_and_asked_for_again(asked, enrolment, sees):
    gate = enrolment.hold("enable")
    async with asked() as pilot:
        await sees(pilot, "First code")
        await send(pilot, "111111", "222222")
        await pilot.press("enter")
        await sees(pilot, "◌ running Enrol MFA device")
        gate.set()
        await sees(pilot, f"✗ {REFUSED}")
        assert [code.value for code in pilot.app.screen.query(Input)] == ["", ""]
        await send(pilot, *RIGHT)
        await sees(pilot, "✓ done Enrol MFA device")
        assert enrolment.answers == [("111111", "222222"), RIGHT]


async def test_invalid_codes_are_not_sent(asked, enrolment, sees):
    async with asked() as pilot:
        await sees(pilot, "First code")
        for first, second, why in (
            ("12345", "", "✗ A code has six digits, 0 to 9."),
            ("123456", "123456", "✗ The two codes are the same."),
            ("123456", "12345", "✗ A code has six digits, 0 to 9."),
            ("123456", "123457", f"✗ {REFUSED}"),
            ("123457", "654321", "✗ One of these codes was sent before"),
        ):
            await send(pilot, first, second)
            await sees(pilot, why)
        assert enrolment.answers == [("123456", "123457")]


async def test_only_ascii_digits_are_taken_typed_or_pasted(asked, sees):
    async with asked() as pilot:
        await sees(pilot, "First code")
        await pilot.press("١", "٢", "a", "minus", "space", "1")
        first = pilot.app.screen.query_one("#first-code", Input)
        assert first.value == "1"
        first.insert_text_at_cursor("٣٤٥")
        first.insert_text_at_cursor("2345678")
        assert first.value == "1"
        first.insert_text_at_cursor("23456")
        await sees(pilot, "123456 ✓")


async def test_the_bar_counts_down_to_the_next_code(asked, hand_clock, sees):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ next code in 30 s")
        hand_clock.passed += 16
        await sees(pilot, "▓▓▓▓▓▓▓░░░░░░░░ next code in 14 s")
        hand_clock.passed += 14
        await sees(pilot, "▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓ next code in 30 s")


async def test_the_seed_is_text_only_on_request_and_for_15_seconds(asked, hand_clock, until, sees, screen_text):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "s show the seed as text")
        assert "ABCD" not in screen_text(pilot.app)
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "hidden in 15 s")
        hand_clock.passed += 14
        await sees(pilot, "hidden in 1 s")
        hand_clock.passed += 1
        await until(lambda: "ABCD" not in screen_text(pilot.app))
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS)
        await pilot.press("s")
        await until(lambda: "ABCD" not in screen_text(pilot.app))


@pytest.mark.parametrize(("size", "zone"), [((80, 24), 2), ((120, 36), 4)])
async def test_the_code_on_the_screen_read_back_is_the_uri(asked, sees, size, zone):
    async with asked(size) as pilot:
        await sees(pilot, "r  show the QR code")
        await pilot.press("r")
        await sees(pilot, "▀▀▀▀▀▀▀")
        code = pilot.app.screen.query_one("#scan-code")
        matrix = matrix_of(URI.reveal())
        assert quiet_zone(matrix, size[0] - 39, size[1] - 3) == zone
        region, strips = code.region, pilot.app.screen._compositor.render_strips()
        lines = ["".join(part.text for part in strip)[region.x : region.right] for strip in strips]
        halves = [[DARK[cell] for cell in line] for line in lines[region.y : region.bottom]]
        modules = [[half[part] for half in line] for line in halves for part in (0, 1)]
        inner = [row[zone : zone + len(matrix)] for row in modules[zone : zone + len(matrix)]]
        assert tuple(map(tuple, inner)) == matrix
        assert region.width == len(matrix) + 2 * zone


@pytest.mark.parametrize("theme", ["breakglass-dark", "breakglass-light"])
async def test_the_code_is_black_on_white_in_every_theme(asked, sees, theme):
    async with asked() as pilot:
        pilot.app.theme = theme
        await sees(pilot, "r  show the QR code")
        await pilot.press("r")
        await sees(pilot, "▀▀▀▀▀▀▀")
        region = pilot.app.screen.query_one("#scan-code").region
        strips = pilot.app.screen._compositor.render_strips()[region.y : region.bottom]
        styles = [part.style for strip in strips for part in strip.crop(region.x, region.right)]
        colours = {(style.color.triplet, style.bgcolor.triplet) for style in styles}
        assert colours == {((0, 0, 0), (255, 255, 255))}


async def test_a_terminal_too_small_for_the_code_says_so_and_keeps_the_seed(asked, sees):
    async with asked((80, 22)) as pilot:
        await sees(pilot, "No room for the QR code: it needs 2 more rows than the 80 x 22 of this terminal.")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS)
        await pilot.resize_terminal(80, 24)
        await sees(pilot, "r show the QR code", "s show the seed as text")
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█", "QR code hidden in 30 s")


@pytest.mark.parametrize("size", [(60, 16), (60, 18), (80, 20)])
async def test_the_seed_can_be_read_whole_wherever_the_code_has_no_room(asked, sees, size):
    async with asked(size) as pilot:
        await sees(pilot, "No room for the QR code", "s show the seed as text")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "hidden in")
        await pilot.press(*"111111", *"222222", "enter")
        await sees(pilot, REFUSED, "s show the seed as text")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "hidden in")


@pytest.mark.parametrize("refused", [False, True])
async def test_everything_fits_at_80_by_24(asked, enrolment, until, sees, refused):
    enrolment.hold("login-profile")
    async with asked() as pilot:
        await sees(pilot, "First code")
        if refused:
            await send(pilot, "111111", "222222")
            await sees(pilot, "✗ AWS did not")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "next code in", "1 of 4 done", "◌ running Console sign-in")
        screen = pilot.app.screen
        shown = [widget.region for widget in screen.query("#mfa-side > *") if widget.region.height]
        assert max(region.bottom for region in shown) == 23
        tops = sorted(shown, key=lambda region: region.y)
        assert all(above.bottom <= below.y for above, below in pairwise(tops)), "something overlaps"
        assert screen.query_one(Footer).max_scroll_x == 0


async def test_the_code_and_the_seed_cannot_be_selected(asked, sees):
    async with asked() as pilot:
        await sees(pilot, "r  show the QR code")
        await pilot.press("r")
        await sees(pilot, "▀▀▀▀▀▀▀")
        selected = [everything_selected(pilot)]
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS)
        selected += [everything_selected(pilot)]
        assert all("Press r" in one for one in selected), "nothing was selected at all"
        assert "ABCD" not in "".join(selected)
        assert "▀" not in "".join(selected)


def everything_selected(pilot):
    """Return what ctrl+c would copy if the whole screen is selected."""
    pilot.app.screen.text_select_all()
    return pilot.app.screen.get_selected_text() or ""


async def test_both_codes_in_one_go_typed_or_pasted_fill_both_fields(asked, enrolment, paste, sees):
    async with asked() as pilot:
        await sees(pilot, "First code")
        first, second = pilot.app.screen.query(Input)
        for digit in "".join(WRONG):  # as a terminal sends them, without a pause
            pilot.app.post_message(events.Key(digit, digit))
        await pilot.pause()
        assert (first.value, second.value) == WRONG
        await paste(pilot, "1")
        assert (first.value, second.value) == WRONG
        await pilot.press("enter")
        await sees(pilot, f"✗ {REFUSED}")
        await paste(pilot, "\n".join(RIGHT) + "\n")
        assert (first.value, second.value) == RIGHT
        await pilot.press("enter")
        await sees(pilot, "✓ done Enrol MFA device")
        assert enrolment.answers == [WRONG, RIGHT]
