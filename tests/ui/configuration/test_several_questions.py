"""Several steps ask the operator at the same time: which question is shown, and that it does not change by itself."""

from __future__ import annotations

import pytest
from enrolling import REFUSED, RIGHT, send
from textual.widgets import Input, Static

from breakglass_tui.domain.questions import SignIn, StoreSecret
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.configuration.operators_turn import OperatorsTurn
from breakglass_tui.ui.configuration.step_list import StepList

WRONG = ("111111", "222222")


@pytest.fixture
def both(configuration, enrolment, until):
    """Return a context with the pilot of an App. Its MFA step asks at once, and its password step after a gate."""

    def ask(question, **values):
        def apply(context):
            enrolment.pass_gate("password")
            return StepOutcome(str(context.ask(question)))

        enrolment.on_apply["login-profile"] = apply
        return configuration(enrolment, mfa="authenticator", **values)

    return ask


@pytest.fixture
def password():
    return StoreSecret("Console password", Secret("correct-HORSE-battery-42"))


def shown(pilot):
    return pilot.app.screen.query_one(OperatorsTurn).step


def selected(pilot):
    return list(pilot.app.session.run.record.steps)[pilot.app.screen.query_one(StepList).cursor]


def waiting(pilot):
    return {each.step for each in pilot.app.session.run.record.questions.values()}


async def test_a_later_question_does_not_interrupt_the_typing(both, enrolment, password, until, sees):
    gate = enrolment.hold("password")
    async with both(password) as pilot:
        await sees(pilot, "First code")
        await pilot.press("1", "2")
        gate.set()
        await until(lambda: waiting(pilot) == {"mfa-device", "login-profile"}, "two questions")
        await sees(pilot, "◐ waiting Console sign-in")
        await pilot.press("3")
        assert [code.value for code in pilot.app.screen.query(Input)] == ["123", ""]


async def test_refused_codes_are_asked_for_again_before_another_question(both, enrolment, password, until, sees):
    checked = enrolment.hold("enable")
    gate = enrolment.hold("password")
    async with both(password) as pilot:
        await sees(pilot, "First code")
        gate.set()
        await until(lambda: waiting(pilot) == {"mfa-device", "login-profile"}, "two questions")
        await send(pilot, *WRONG)
        await until(lambda: enrolment.answers == [WRONG], "the answer")
        await sees(pilot, "◌ running Enrol MFA device")
        assert shown(pilot) == ""
        checked.set()
        await sees(pilot, f"✗ {REFUSED}")
        await send(pilot, *RIGHT)
        await sees(pilot, "Store this now: Console password")
        await pilot.press("r", "y", "y")
        await sees(pilot, "4 of 4 done")


async def test_the_selected_step_decides_which_question_is_shown(both, enrolment, password, until, sees):
    gate = enrolment.hold("password")
    async with both(password) as pilot:
        await sees(pilot, "First code")
        gate.set()
        await until(lambda: waiting(pilot) == {"mfa-device", "login-profile"}, "two questions")
        await pilot.press("down")
        await sees(pilot, "Store this now: Console password")
        assert selected(pilot) == "login-profile"
        await pilot.press("up")
        await sees(pilot, "Enrol the MFA device", "◐ waiting Console sign-in", "· ↑ ↓ switch")
        await pilot.press("down", "down")  # the step below asks nothing
        assert shown(pilot) == "login-profile"
        await pilot.press("up", "r", "y", "y")
        await sees(pilot, "Enrol the MFA device")
        assert selected(pilot) == "mfa-device"


async def test_expired_credentials_are_asked_for_although_codes_are_being_checked(both, enrolment, until, sees):
    checked, expired = enrolment.hold("enable"), enrolment.hold("password")
    async with both(SignIn("123456789012", "The credentials have expired.")) as pilot:
        await sees(pilot, "First code")
        await send(pilot, *RIGHT)
        await until(lambda: enrolment.answers == [RIGHT], "the answer")
        expired.set()
        await sees(pilot, "Sign in to account 1234-5678-9012")
        checked.set()
        await pilot.press("enter")
        await sees(pilot, "4 of 4 done")


@pytest.mark.parametrize("key", ["l", "question_mark"])
async def test_the_keys_of_the_screen_work_while_a_code_field_has_the_focus(asked, sees, key):
    async with asked() as pilot:
        await sees(pilot, "First code")
        assert isinstance(pilot.app.focused, Input)
        await pilot.press(key)
        await sees(pilot, {"l": "G follow", "question_mark": "Help: "}[key])
        await pilot.press("escape")
        await sees(pilot, "First code")


async def test_no_check_mark_is_beside_codes_that_are_refused(asked, sees):
    async with asked() as pilot:
        await sees(pilot, "First code")
        await pilot.press(*"123456")
        await sees(pilot, "123456 ✓")
        await pilot.press(*"123456", "enter")
        await sees(pilot, "✗ The two codes are the same.")
        await pilot.pause()
        marks = [pilot.app.screen.query_one(f"#{name}-mark", Static) for name in ("first-code", "second-code")]
        assert [str(mark.content) for mark in marks] == ["", ""]
