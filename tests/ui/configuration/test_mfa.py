"""The operator's turn at the MFA device: scan, two codes, refusals."""

from __future__ import annotations

from itertools import pairwise

import pytest
from textual.events import AppBlur
from textual.widgets import Footer, Input

from breakglass_tui.domain.questions import MfaCodes
from breakglass_tui.engine.plan import Outcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import otpauth_uri
from breakglass_tui.ui.widgets.configuration.qr import matrix_of, quiet_zone

NAME = "break-glass-20261122-k7qm3x"
SEED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 2
SEED_GROUPS = ("ABCD EFGH IJKL MNOP QRST UVWX YZ23", "4567 ABCD EFGH IJKL MNOP QRST UVWX", "YZ23 4567")
URI = otpauth_uri(Secret(SEED), user_name=NAME, account_id="123456789012")
RIGHT = ("123456", "234567")
REFUSED = "AWS did not accept these codes. [/] Type two codes that follow each other."
DARK = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}


@pytest.fixture
def enrolment(fake_cloud):
    """The cloud whose MFA step asks until the codes are right; ``answers`` are all that it was told."""
    fake_cloud.answers = []

    def enrol(turn):
        refused = ""
        while True:
            codes = turn.ask(MfaCodes(f"arn:aws:iam::123456789012:mfa/{NAME}-[x]", URI, Secret(SEED), refused))
            fake_cloud.answers.append(codes)
            fake_cloud.pass_gate("enable")
            if codes == RIGHT:
                return Outcome("enrolled")
            refused = REFUSED

    fake_cloud.on_apply["mfa-device"] = enrol
    return fake_cloud


@pytest.fixture
def asked(configuration, enrolment, until):
    """``async with`` an app at 80x24 that asks for codes."""

    def ask(size=(80, 24), **values):
        return configuration(enrolment, size, mfa="authenticator", **values)

    return ask


async def send(pilot, first, second):
    """Fill in both codes and press enter in the second; the keys themselves have a test of their own."""
    inputs = list(pilot.app.screen.query(Input))
    inputs[0].value, inputs[1].value = first, second
    inputs[1].focus()
    await pilot.press("enter")


async def test_two_right_codes_go_to_the_step_and_the_panel_goes_away(asked, enrolment, sees):
    async with asked() as pilot:
        await sees(pilot, "Enrol the MFA device", f"{NAME}-[x]", "Press r and scan the code", "r Reveal", "s Seed")
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


async def test_codes_that_cannot_be_right_are_not_sent(asked, enrolment, sees):
    async with asked() as pilot:
        await sees(pilot, "First code")
        for first, second, why in (
            ("12345", "", "✗ A code has six digits, 0 to 9."),
            ("123456", "123456", "✗ These are the same code twice."),
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
        await sees(pilot, *SEED_GROUPS, "hidden again in 15 s")
        hand_clock.passed += 14
        await sees(pilot, "hidden again in 1 s")
        hand_clock.passed += 1
        await until(lambda: "ABCD" not in screen_text(pilot.app))
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS)
        await pilot.press("s")
        await until(lambda: "ABCD" not in screen_text(pilot.app))


@pytest.mark.parametrize(("size", "zone"), [((80, 24), 2), ((120, 36), 4)])
async def test_the_code_on_the_screen_read_back_is_the_uri(asked, sees, size, zone):
    async with asked(size) as pilot:
        await sees(pilot, "r  show the code to scan")
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
        await sees(pilot, "r  show the code to scan")
        await pilot.press("r")
        await sees(pilot, "▀▀▀▀▀▀▀")
        region = pilot.app.screen.query_one("#scan-code").region
        strips = pilot.app.screen._compositor.render_strips()[region.y : region.bottom]
        styles = [part.style for strip in strips for part in strip.crop(region.x, region.right)]
        colours = {(style.color.triplet, style.bgcolor.triplet) for style in styles}
        assert colours == {((0, 0, 0), (255, 255, 255))}


async def test_a_terminal_too_small_for_the_code_says_so_and_keeps_the_seed(asked, sees):
    async with asked((80, 22)) as pilot:
        await sees(pilot, "No room for the code to scan: it needs 2 more rows than this terminal's 80 x 22.")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS)
        await pilot.resize_terminal(80, 24)
        await sees(pilot, "r show the code to scan", "s show the seed as text")
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█", "code hidden again in 30 s")


@pytest.mark.parametrize("size", [(60, 16), (60, 18), (80, 20)])
async def test_the_seed_can_be_read_whole_wherever_the_code_has_no_room(asked, sees, size):
    async with asked(size) as pilot:
        await sees(pilot, "No room for the code to scan", "s show the seed as text")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "hidden again")
        await pilot.press(*"111111", *"222222", "enter")
        await sees(pilot, REFUSED, "s show the seed as text")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "hidden again")


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
        await sees(pilot, "r  show the code to scan")
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
    """What ctrl+c would copy when all of the screen is selected."""
    pilot.app.screen.text_select_all()
    return pilot.app.screen.get_selected_text() or ""


async def test_the_code_is_masked_until_a_key_shows_it_and_the_panel_says_which(asked, hand_clock, sees, screen_text):
    async with asked(clock=hand_clock) as pilot:
        await sees(pilot, "r show the code to scan", "Press r and scan the code")
        assert "▀▀▀" not in screen_text(pilot.app)
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█", "code hidden again in 30 s")
        hand_clock.passed += 29
        await sees(pilot, "█▀▀▀▀▀█", "code hidden again in 1 s")
        hand_clock.passed += 1
        await sees(pilot, "r show the code to scan", "s show the seed as text", "r Reveal")
        assert "▀▀▀" not in screen_text(pilot.app)
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█", "code hidden again in 30 s")


async def test_code_and_seed_are_never_shown_together(asked, sees, screen_text):
    async with asked() as pilot:
        await sees(pilot, "r show the code to scan")
        await pilot.press("r")
        await sees(pilot, "█▀▀▀▀▀█")
        await pilot.press("s")
        await sees(pilot, *SEED_GROUPS, "r show the code to scan")
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
        await sees(pilot, "r show the code to scan")
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
        await sees(pilot, *SEED_GROUPS, "hidden again", "Sent to the clipboard for 30 s", "may keep it.")
