"""The question to the operator when the credentials expire during the run."""

from __future__ import annotations

import pytest
from textual.widgets import Footer

from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import SignIn
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.ui.configuration.stop_dialog import StopDialog

SIZES = [(80, 24), (120, 36)]


@pytest.fixture
def expired(fake_cloud):
    """Return ``expired("", "another account")``: the first step asks once per refusal. It returns the answers."""
    answers = []

    def make(*refusals):
        def apply(context):
            why = "The session has expired. [/]"
            answers.extend(context.ask(SignIn("123456789012", why, refused)) for refused in refusals)
            return StepOutcome("there")

        fake_cloud.on_apply["create-user"] = apply
        return answers

    return make


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_what_expired_and_where_to_sign_in_and_continues_in_place(
    configuration, fake_cloud, expired, sees, size
):
    answers = expired("")
    async with configuration(fake_cloud, size) as pilot:
        await sees(pilot, "Sign in to account 1234-5678-9012", "The session has expired. [/]", "Nothing is lost.")
        await sees(pilot, "◐ waiting Create user", "enter retry after you have signed in", "⏎ Retry")
        assert pilot.app.screen.query_one(Footer).max_scroll_x == 0
        await pilot.press("enter")
        await sees(pilot, "3 of 3 done in")
        assert answers == [True]


async def test_credentials_that_were_refused_are_named_and_asked_for_again(configuration, fake_cloud, expired, sees):
    answers = expired("", "They belong to account 999988887777 \x1b[31m.")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Sign in to account")
        await pilot.press("enter")
        await sees(pilot, "✗ They belong to account 999988887777 \\x1b[31m.", "enter retry")
        await pilot.press("ctrl+r")
        await sees(pilot, "3 of 3 done in")
        assert answers == [True, True]


async def test_enter_pressed_twice_answers_once(configuration, fake_cloud, expired, sees):
    answers = expired("")
    gate = fake_cloud.hold("login-profile")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Sign in to account")
        await pilot.press("enter", "enter", "enter")
        await sees(pilot, "◌ running Console sign-in")
        assert answers == [True]
        gate.set()
        await sees(pilot, "3 of 3 done in")


async def test_the_run_can_be_stopped_instead(configuration, fake_cloud, expired, sees, until):
    expired("")
    async with configuration(fake_cloud) as pilot:
        await sees(pilot, "Sign in to account")
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, StopDialog), "the dialog")
        await pilot.press("down", "down", "enter")
        await sees(pilot, "Stopped, resources kept")


async def test_the_undo_may_ask_too_and_what_was_asked_before_it_is_gone(
    configuration, fake_cloud, expired, refused, sees
):
    asked = []
    fake_cloud.on_apply["access-key"] = lambda context: context.ask(SignIn("123456789012", "before the undo"))
    fake_cloud.on_apply["login-profile"] = refused
    fake_cloud.on_undo["create-user"] = lambda context: asked.append(context.ask(SignIn("123456789012", "in the undo")))
    gate = fake_cloud.hold("login-profile")
    async with configuration(fake_cloud, access="both") as pilot:
        await sees(pilot, "before the undo")
        gate.set()
        await sees(pilot, "in the undo", "◐ waiting Create user")
        await pilot.press("enter")
        await sees(pilot, "A step failed. Everything this run created was rolled back.")
        assert asked == [True]


async def test_without_new_credentials_everything_stays_and_the_end_says_how_to_resume(configuration, fake_cloud, sees):
    def helpless(context):
        raise Problem("The credentials have expired.", next="Sign in.", kind=Kind.CREDENTIALS)

    fake_cloud.on_apply["login-profile"] = helpless
    async with configuration(fake_cloud, kms_key_id="alias/break-glass", demo=False) as pilot:
        id = pilot.app.session.run.setup.run_id
        await sees(pilot, "A step failed. Resources kept: 1 of 3 steps done.", "The credentials have expired.")
        await sees(
            pilot,
            f"resume it breakglass-tui --demo --region eu-west-1 resume {id}",
            f"remove it breakglass-tui --demo --region eu-west-1 undo {id}",
        )
        assert fake_cloud.undone == []
        await pilot.press("ctrl+q")
    assert pilot.app.return_code == 6
