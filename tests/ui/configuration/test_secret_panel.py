"""A secret without a seal: masked, revealed for a short time, and dropped when it is stored."""

from __future__ import annotations

import pytest
from textual.containers import ScrollableContainer
from textual.events import AppBlur
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from breakglass_tui.domain.questions import StoreSecret
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.configuration.operators_turn import OperatorsTurn
from breakglass_tui.ui.configuration.step_list import StepList
from breakglass_tui.ui.widgets.revealed import Revealed

KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
PASSWORD = "correct-HORSE-battery-42"


@pytest.fixture
def stored(fake_cloud):
    """Return a cloud whose steps ask the operator to store a password and a key. ``answers`` has the answers."""
    fake_cloud.answers = []

    def hand_out(label, secret, *public):
        def apply(context):
            fake_cloud.answers.append((label, context.ask(StoreSecret(label, Secret(secret), public))))
            fake_cloud.pass_gate("after")
            return StepOutcome("stored")

        return apply

    fake_cloud.on_apply["access-key"] = hand_out("Secret access key [/]", KEY, ("access key id", "AKIA[b]EXAMPLE"))
    fake_cloud.on_apply["login-profile"] = hand_out("Console password", PASSWORD)
    return fake_cloud


@pytest.fixture
def hidden(until, screen_text):
    """Return ``hidden(pilot)``: it waits until no secret is on the screen."""

    async def wait(pilot):
        await until(lambda: KEY not in screen_text(pilot.app) and PASSWORD not in screen_text(pilot.app), "the mask")

    return wait


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_secret_is_masked_revealed_on_request_and_gone_when_stored(configuration, stored, sees, hidden, size):
    gate = stored.hold("after")
    async with configuration(stored, size, access="programmatic") as pilot:
        await sees(pilot, "Store this now: Secret access key [/]", "access key id AKIA[b]EXAMPLE", "••••", "r Reveal")
        await hidden(pilot)
        await pilot.press("r")
        await sees(pilot, KEY, "hidden in 15 s")
        await pilot.press("y")
        await sees(pilot, "Press y again")
        await hidden(pilot)
        assert stored.answers == []
        await pilot.press("y", "y", "y")
        await sees(pilot, "◌ running Access key")
        await hidden(pilot)
        gate.set()
        await sees(pilot, "✓ done Access key", "3 of 3 done")
        assert stored.answers == [("Secret access key [/]", True)]


async def test_what_was_never_revealed_cannot_have_been_stored(configuration, stored, sees):
    async with configuration(stored, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        await pilot.press("y", "y", "y")
        await sees(pilot, "Reveal it first (r)")
        assert stored.answers == []


async def test_a_revealed_secret_hides_after_15_seconds(configuration, stored, hand_clock, sees, hidden):
    async with configuration(stored, clock=hand_clock, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        await pilot.press("r")
        await sees(pilot, KEY)
        hand_clock.passed += 14
        await sees(pilot, KEY, "hidden in 1 s")
        hand_clock.passed += 1
        await hidden(pilot)
        await sees(pilot, "••••")


async def _resize(pilot):
    await pilot.resize_terminal(90, 30)


async def _help(pilot):
    await pilot.press("f1")


async def _palette(pilot):
    await pilot.press("ctrl+p")


async def _stop(pilot):
    await pilot.press("escape")


async def _look_away(pilot):
    pilot.app.post_message(AppBlur())


async def _elsewhere(pilot):
    pilot.app.switch_screen(Screen())


async def _again(pilot):
    await pilot.press("r")


@pytest.mark.parametrize("happens", [_resize, _help, _palette, _stop, _look_away, _elsewhere, _again])
async def test_a_revealed_secret_hides_when_something_happens(configuration, stored, hand_clock, sees, hidden, happens):
    async with configuration(stored, clock=hand_clock, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        await pilot.press("r")
        await sees(pilot, KEY)
        screen = pilot.app.screen
        await happens(pilot)
        await pilot.pause()
        await hidden(pilot)
        assert not pilot.app.shows_secret
        assert screen is not pilot.app.screen or not screen.query_one("#secret-text").shown


async def test_secrets_are_stored_one_after_the_other_and_the_cursor_is_on_the_one_asked_about(
    configuration, stored, until, sees
):
    gate = stored.hold("after")
    async with configuration(stored, access="both") as pilot:
        await sees(pilot, "Store this now", "◐ waiting Console sign-in", "◐ waiting Access key")
        context, steps = pilot.app.screen.query_one(OperatorsTurn), list(pilot.app.session.run.record.steps)
        first = context.step
        for asked in (first, *({"login-profile", "access-key"} - {first})):
            await until(lambda asked=asked: context.step == asked, asked)
            assert steps[pilot.app.screen.query_one(StepList).cursor] == asked
            await pilot.press("r", "y", "y")
            await pilot.pause()
        gate.set()
        await sees(pilot, "4 of 4 done")
        assert sorted(stored.answers) == [("Console password", True), ("Secret access key [/]", True)]


async def test_a_secret_is_neither_selected_nor_scrolled_nor_in_a_title(configuration, stored, sees):
    async with configuration(stored, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        await pilot.press("r")
        await sees(pilot, KEY)
        app = pilot.app
        app.screen.text_select_all()
        selected = app.screen.get_selected_text() or ""
        assert "Store this now" in selected, "nothing was selected at all"
        assert KEY not in selected
        around = list(app.screen.query_one("#secret-text").ancestors_with_self)
        assert not any(isinstance(node, ScrollableContainer) for node in around)
        assert {node.styles.overflow_y for node in around if isinstance(node, Widget)} == {"hidden"}
        assert KEY not in f"{app.title} {app.sub_title} {app.screen.title}"
        assert app.screen.query_one(Footer).max_scroll_x == 0


async def test_a_long_password_is_shown_whole(configuration, stored, sees, screen_text):
    password = "aB3$" * 32
    stored.on_apply["login-profile"] = lambda context: StepOutcome(
        str(context.ask(StoreSecret("Password", Secret(password))))
    )
    async with configuration(stored) as pilot:
        await sees(pilot, "Store this now: Password")
        await pilot.press("r")
        await sees(pilot, "hidden in")
        assert password in "".join(line.strip() for line in screen_text(pilot.app).splitlines())


async def test_stopping_withdraws_the_question(configuration, stored, sees, hidden):
    gate = stored.hold("undo-access-key")
    async with configuration(stored, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        await pilot.press("r")
        await sees(pilot, KEY)
        await pilot.press("escape")
        await sees(pilot, "Stop the run?")
        await pilot.press("down", "enter")
        await sees(pilot, "↩ undoing Access key")
        await hidden(pilot)
        assert not pilot.app.screen.query_one("#secret-panel").display
        gate.set()
        await sees(pilot, "Everything this run created was removed.")


async def test_a_secret_asked_for_before_its_room_is_laid_out_is_shown_once_it_is(configuration, stored, sees):
    stored.hold("after")
    async with configuration(stored, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        text = pilot.app.screen.query_one(Revealed)
        text.styles.height = 1  # the state before the secret arrived
        await pilot.pause()
        text.toggle()
        await sees(pilot, "No room to show it whole")
        text.styles.height = "auto"
        await sees(pilot, KEY)


async def test_room_that_comes_late_shows_nothing_to_a_window_that_was_left(
    configuration, stored, hand_clock, sees, until, hidden
):
    stored.hold("after")
    async with configuration(stored, clock=hand_clock, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        text = pilot.app.screen.query_one(Revealed)
        text.styles.height = 1
        await pilot.pause()
        text.toggle()
        await sees(pilot, "No room to show it whole")
        pilot.app.post_message(AppBlur())
        await until(lambda: not pilot.app.app_focus, "the other window")
        text.styles.height = "auto"
        await sees(pilot, "••••")
        await hidden(pilot)


async def test_what_once_had_no_room_says_so_no_longer_than_that(configuration, stored, hand_clock, sees, hidden):
    stored.hold("after")
    async with configuration(stored, clock=hand_clock, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        text = pilot.app.screen.query_one(Revealed)
        text.styles.height = 1
        await pilot.pause()
        text.toggle()
        await sees(pilot, "No room to show it whole")
        hand_clock.passed += 5
        text.styles.height = "auto"
        await sees(pilot, "••••", "r Reveal")
        await hidden(pilot)


async def test_a_copied_secret_leaves_the_clipboard_when_it_is_stored(configuration, stored, hand_clock, until, sees):
    async with configuration(stored, clock=hand_clock, access="programmatic") as pilot:
        await sees(pilot, "Store this now", "c Copy")
        await pilot.press("c")
        assert pilot.app.clipboard == KEY
        await sees(pilot, "Sent to the clipboard for 30 s")
        await pilot.press("y")
        await sees(pilot, "Press y again")
        assert pilot.app.clipboard == KEY
        await pilot.press("y")
        await until(lambda: not pilot.app.clipboard, "the empty clipboard")
        await sees(pilot, "3 of 3 done")


async def test_a_secret_with_only_a_warning_was_not_copied_and_cannot_have_been_stored(
    configuration, stored, sees, monkeypatch
):
    monkeypatch.setenv("SSH_TTY", "/dev/pts/7")
    async with configuration(stored, access="programmatic") as pilot:
        await sees(pilot, "Store this now")
        await pilot.press("c")
        await sees(pilot, "Press c again to copy it.")
        await pilot.press("y", "y", "y")
        await sees(pilot, "Reveal it first (r)")
        assert (pilot.app.clipboard, stored.answers) == ("", [])
        await pilot.press("c")
        assert pilot.app.clipboard == KEY


@pytest.mark.parametrize("size", [(60, 16), (61, 17), (80, 24)])
async def test_the_longest_password_is_whole_from_the_smallest_size_up_also_when_copied(
    configuration, stored, hand_clock, sees, screen_text, until, size
):
    password = "aB3$" * 32
    stored.on_apply["login-profile"] = lambda context: StepOutcome(
        str(context.ask(StoreSecret("Password", Secret(password))))
    )
    async with configuration(stored, size, clock=hand_clock) as pilot:
        await sees(pilot, "Store this now: Password")
        for keys in ("r", "c"):
            await pilot.press(keys)
            await until(lambda: password in "".join(screen_text(pilot.app).split()), "all of it")


async def test_below_the_smallest_size_nothing_is_revealed(configuration, stored, sees, hidden):
    async with configuration(stored, (40, 12), access="programmatic") as pilot:
        await sees(pilot, "40x12 is too small.", "60x16 or more")
        await pilot.press("r")
        await pilot.pause()
        await hidden(pilot)
        assert not pilot.app.shows_secret
