"""Keys that arrive faster than a dialog opens or closes, such as a key pressed twice."""

from __future__ import annotations

import pytest
from accepting import risk_shown, typed
from textual import events
from textual.widgets import Input

from breakglass_tui.domain.acknowledgements import NO_MFA, ONLY_KMS
from breakglass_tui.ui.assessment.form import AssessmentForm
from breakglass_tui.ui.configuration.screen import ConfigurationScreen
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.summary.screen import SummaryScreen

CHARACTERS = {"enter": "\r", "escape": "\x1b", "space": " "}


@pytest.fixture
def hasty():
    """``await hasty(pilot, *keys)``: send all keys before the first is handled."""

    async def send(pilot, *keys):
        for key in keys:
            pilot.app.post_message(events.Key(key, CHARACTERS.get(key, key)))
        await pilot.pause()
        await pilot.pause()

    return send


async def test_enter_pressed_several_times_at_the_last_question_starts_one_run(
    fake_cloud, summary, until, ask_to_create, hasty
):
    async with summary(fake_cloud, demo=False) as pilot:
        app = pilot.app
        await until(lambda: not app.session.run.prechecking, "the checks")
        await ask_to_create(pilot)
        await hasty(pilot, *app.session.connection.caller.account_id[-4:])
        assert app.screen.query_one(Input).value == app.session.connection.caller.account_id[-4:]
        await hasty(pilot, "enter", "enter", "enter", "enter")
        await until(lambda: isinstance(app.screen, ConfigurationScreen), "the run")
        await until(lambda: app.session.run.done, "the end of the run")
        assert fake_cloud.applied.count("create-user") == 1


@pytest.mark.parametrize("key", ["y", "n"])
async def test_the_same_answer_twice_closes_the_question_once(fake_cloud, summary, until, hasty, key):
    async with summary(fake_cloud, mfa="authenticator") as pilot:
        app = pilot.app
        await until(lambda: not app.session.run.prechecking, "the checks")
        await hasty(pilot, "enter", "enter")
        assert len(app.screen_stack) <= 2  # the second may have been No already
        if not isinstance(app.screen, ConfirmDialog):
            await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the question")
        await hasty(pilot, key, key, key)
        await until(lambda: not isinstance(app.screen, ConfirmDialog), "the answer")
        assert len(app.screen_stack) == 1
        assert app.is_running


async def test_a_document_opened_and_closed_twice_is_one_document(fake_cloud, summary, until, hasty):
    async with summary(fake_cloud) as pilot:
        app = pilot.app
        await hasty(pilot, "p", "p")
        await until(lambda: isinstance(app.screen, DocumentDialog), "the policy")
        assert len(app.screen_stack) == 2
        await hasty(pilot, "q", "q", "q")
        await until(lambda: isinstance(app.screen, SummaryScreen), "the screen below")
        assert app.phase is Phase.SUMMARY


async def test_a_word_typed_on_a_list_is_searched_for_in_one_list(fake_cloud, assessment, go_to, until, hasty):
    async with assessment(fake_cloud) as pilot:
        app = pilot.app
        await go_to(pilot, "groups")
        await hasty(pilot, *"emerg")
        await until(lambda: isinstance(app.screen, PickerDialog), "the list")
        assert len(app.screen_stack) == 2
        await until(lambda: app.screen.query_one(Input).value == "emerg", "the word")


async def test_quitting_while_the_form_is_loaded_just_ends_the_app(fake_cloud, make_app, until, monkeypatch):
    compose, app = AssessmentForm.compose, make_app(fake_cloud)

    def leave(form):
        app.exit()
        return compose(form)

    monkeypatch.setattr(AssessmentForm, "compose", leave)
    async with app.run_test() as pilot:
        await pilot.press("n")
        await until(lambda: not app.is_running, "the end")


async def test_the_words_for_a_risk_keep_their_space_however_fast_they_are_typed(fake_cloud, summary, until, hasty):
    async with summary(fake_cloud, kms_key_id="alias/break-glass") as pilot:
        app = pilot.app
        await until(lambda: not app.session.run.prechecking, "the checks")
        await pilot.press("enter")
        for risk in (ONLY_KMS, NO_MFA):
            await risk_shown(pilot, until, risk)
            await hasty(pilot, *typed(risk.words))
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the confirmation")
