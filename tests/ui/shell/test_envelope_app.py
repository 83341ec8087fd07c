"""An opened envelope on the screen: masked, one secret at a time, whole or not at all."""

from __future__ import annotations

from itertools import product

import pytest
from textual import events
from textual.containers import ScrollableContainer
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Footer

from breakglass_tui.secrets.secret import Secret
from breakglass_tui.secrets.totp import code_pair
from breakglass_tui.ui.widgets.masked import Masked

PASSWORD = "correct-HORSE-battery-42"
SEED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 2
KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
LONGEST = "aB3$" * 32


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 36)])
async def test_facts_are_shown_and_each_secret_only_when_it_is_chosen_and_revealed(envelope, sees, hides, size):
    app = envelope()
    async with app.run_test(size=size) as pilot:
        await sees(app, "bg-alice.password.age", "▸ Password", "••••", "r Reveal", "c Copy", "n Next", "q Quit")
        await sees(app, "User bg-alice", "[b]age1\\x1b[31m")
        assert app.screen.query_one(Footer).max_scroll_x == 0
        await hides(app)
        for text in (PASSWORD, SEED, KEY):
            await pilot.press("r")
            await sees(app, text, "hidden in 15 s")
            await pilot.press("n")
            await hides(app)
        await sees(app, "▸ Password")
        await pilot.press("up")
        await sees(app, "▸ Secret access key")


async def test_the_key_for_the_next_secret_is_shown_only_if_there_is_one(envelope, sees, screen_text):
    app = envelope((("Password", PASSWORD),))
    async with app.run_test() as pilot:
        await sees(app, "▸ Password", "c Copy", "q Quit")
        assert "Next" not in screen_text(app)
        await pilot.press("r")
        await sees(app, PASSWORD)
        await pilot.press("n")
        await pilot.pause()
        await sees(app, PASSWORD)


async def test_an_mfa_seed_comes_with_its_code_by_the_same_rule(envelope, hand_clock, sees, screen_text):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("n")
        await sees(app, "▸ MFA seed")
        first = code_pair(Secret(SEED), hand_clock.now().timestamp())[1]
        assert first[:3] not in screen_text(app)
        await pilot.press("r")
        await sees(app, f"code {first} next in 30 s")
        hand_clock.passed += 10
        await sees(app, f"code {first} next in 20 s", "hidden in 5 s")
        hand_clock.passed += 5
        await sees(app, "••••")
        assert first[:3] not in screen_text(app)


async def test_what_is_no_seed_at_all_is_shown_without_a_code(envelope, sees, screen_text):
    app = envelope((("MFA seed", "not base32! 0189"),))
    async with app.run_test() as pilot:
        await pilot.press("r")
        await sees(app, "not", "base", "0189", "hidden in")
        assert "code" not in screen_text(app)


async def test_escape_bytes_in_a_secret_do_not_reach_the_terminal(envelope, sees, screen_text):
    app = envelope((("Password", "abc\x1b]52;c;eA==\x07[red]"),))
    async with app.run_test() as pilot:
        await pilot.press("r")
        await sees(app, "abc\\x1b]52;c;eA==\\x07[red]")
        assert "\x1b" not in screen_text(app)


async def _look_away(app, pilot):
    app.post_message(events.AppBlur())


async def _resize(app, pilot):
    await pilot.resize_terminal(90, 30)


async def _dialog(app, pilot):
    app.push_screen(ModalScreen())


async def _again(app, pilot):
    await pilot.press("r")


@pytest.mark.parametrize("happens", [_look_away, _resize, _dialog, _again])
async def test_a_revealed_secret_is_hidden_when_something_happens(envelope, sees, hides, happens):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("r")
        await sees(app, PASSWORD)
        await happens(app, pilot)
        await hides(app)
        assert not app.shows_secret


class Drawn:
    """A widget that would stay on the screen longer than any other."""

    def __init__(self):
        self.left = 0.0

    def show_left(self, seconds):
        self.left = seconds

    def mask(self):
        self.left = 0.0


async def test_after_a_minute_without_a_key_the_operator_counts_as_gone(envelope, hand_clock, until):
    app, drawn = envelope(), Drawn()
    async with app.run_test() as pilot:
        app.show_secret(drawn, 300)
        hand_clock.passed += 59
        await until(lambda: drawn.left == 241)
        await pilot.press("x")
        hand_clock.passed += 59
        await until(lambda: drawn.left == 182)
        hand_clock.passed += 1
        await until(lambda: drawn.left == 0)


async def test_showing_one_hides_the_other(envelope):
    app, one, other = envelope(), Drawn(), Drawn()
    async with app.run_test():
        app.show_secret(one, 15)
        app.show_secret(other, 15)
        assert (one.left, other.left) == (0, 15)


@pytest.mark.parametrize(("width", "height"), list(product((40, 41, 60, 100), (12, 13, 20))))
async def test_the_longest_secret_is_whole_on_the_screen_from_40_by_12_up(envelope, sees, width, height):
    app = envelope((("Password", LONGEST), ("MFA seed", SEED)))
    async with app.run_test(size=(width, height)) as pilot:
        for text in (LONGEST, SEED):
            await pilot.press("r")
            await sees(app, text, "hidden in 15 s")
            await pilot.press("n")


async def test_copying_does_not_push_a_secret_off_the_smallest_screen(envelope, sees):
    app = envelope((("Password", LONGEST),))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("r", "c")
        await sees(app, LONGEST, "Sent to the clipboard for 30 s", "may keep it.")


@pytest.mark.parametrize("size", [(40, 7), (20, 11), (11, 9)])
async def test_without_room_for_all_of_it_nothing_is_shown_and_the_room_it_lacks_is_said(envelope, until, hides, size):
    app = envelope((("Password", LONGEST),))
    async with app.run_test(size=size) as pilot:
        secret = app.screen.query_one(Masked)
        await pilot.press("r")
        await until(lambda: "No room to show it whole:" in str(secret.render()))
        assert "aB3$" not in str(secret.render())
        assert not app.shows_secret


async def test_nothing_secret_can_be_selected_or_scrolled(envelope, sees):
    app = envelope()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("r")
        await sees(app, PASSWORD)
        app.screen.text_select_all()
        selected = app.screen.get_selected_text() or ""
        assert "bg-alice" in selected, "nothing was selected at all"
        assert "corr" not in selected
        around = list(app.screen.query_one(Masked).ancestors_with_self)
        assert not any(isinstance(node, ScrollableContainer) for node in around)
        assert {node.styles.overflow_y for node in around if isinstance(node, Widget)} == {"hidden"}


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+q"])
async def test_it_ends_by(envelope, key):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("r", key)
        assert not app.is_running or app._exit


async def test_an_envelope_without_secrets_is_no_reason_to_fail(envelope, sees):
    app = envelope(())
    async with app.run_test() as pilot:
        await pilot.press("r", "c", "n")
        await sees(app, "User bg-alice")
