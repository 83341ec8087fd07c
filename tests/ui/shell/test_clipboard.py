"""A secret in the clipboard: on request only, for 30 seconds, with a notice."""

from __future__ import annotations

import pytest

from breakglass_tui.ui.shell.clipboard import OVER_SSH

PASSWORD = "correct-HORSE-battery-42"
KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


async def test_a_copy_lasts_30_seconds_and_says_what_cannot_be_known(envelope, hand_clock, sees, until):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("c")
        assert app.clipboard == PASSWORD
        await sees(app, "Sent to the clipboard for 30 s. Arrival cannot be verified.", "managers and tmux may keep it.")
        hand_clock.passed += 29
        await sees(app, "Sent to the clipboard for 1 s")
        assert app.clipboard == PASSWORD
        hand_clock.passed += 1
        await until(lambda: not app.clipboard, "the empty clipboard")
        await sees(app, "The terminal was asked to empty the clipboard.")


async def test_a_second_copy_restarts_the_30_seconds(envelope, hand_clock, sees, until):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("c")
        hand_clock.passed += 20
        await sees(app, "for 10 s")
        await pilot.press("up", "c")
        hand_clock.passed += 29
        await sees(app, "for 1 s")
        assert app.clipboard == KEY
        hand_clock.passed += 1
        await until(lambda: not app.clipboard, "the empty clipboard")


async def test_what_was_copied_since_is_left_alone(envelope, hand_clock, sees):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("c")
        app.copy_to_clipboard("bg-alice")
        hand_clock.passed += 30
        await sees(app, "The terminal was asked to empty the clipboard.")
        assert app.clipboard == "bg-alice"


async def test_revealing_copies_nothing(envelope, sees):
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("r")
        await sees(app, PASSWORD)
        assert app.clipboard == ""


@pytest.mark.parametrize("name", ["SSH_TTY", "SSH_CONNECTION"])
async def test_over_ssh_each_secret_is_asked_about_before_it_is_copied(envelope, monkeypatch, sees, name):
    monkeypatch.setenv(name, "somewhere")
    app = envelope()
    async with app.run_test() as pilot:
        await pilot.press("c")
        await sees(app, OVER_SSH)
        assert app.clipboard == ""
        await pilot.press("c")
        assert app.clipboard == PASSWORD
        await pilot.press("up", "c")
        await sees(app, OVER_SSH)
        assert app.clipboard == PASSWORD
