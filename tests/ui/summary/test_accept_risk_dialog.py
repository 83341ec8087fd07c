"""Risks of a request: the confirmation opens only after each is avoided or accepted with typed words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from accepting import risk_shown, typed

from breakglass_tui.domain.acknowledgements import NO_MFA, ONLY_KMS, acknowledgements
from breakglass_tui.domain.request import parse_request
from breakglass_tui.ui.assessment.fields import ChoiceField
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.assessment.review import review
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.summary.accept_risk_dialog import TEXTS
from breakglass_tui.ui.summary.screen import SummaryScreen

SIZES = [(80, 24), (120, 36)]
KMS = {"kms_key_id": "alias/break-glass", "mfa": "sealed"}
BARE = {"seal_to": "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"}
BOTH = {"kms_key_id": "alias/break-glass"}
RISKS = [pytest.param(ONLY_KMS, KMS, id="only kms"), pytest.param(NO_MFA, BARE, id="no mfa")]
ANNA = BARE["seal_to"]


@pytest.fixture
def asked(summary: Any, until: Any) -> Callable[..., Any]:
    """``async with asked(risk, cloud, draft, size, demo=…) as pilot``: enter was pressed, and that risk is shown."""

    @asynccontextmanager
    async def ask(risk: Any, cloud: Any, draft: Any, size: Any = (80, 24), *, demo: bool = True) -> AsyncIterator[Any]:
        async with summary(cloud, size, demo=demo, **draft) as pilot:
            await until(lambda: not pilot.app.session.run.prechecking, "the checks")
            await pilot.pause()
            await pilot.press("enter")
            await risk_shown(pilot, until, risk)
            yield pilot

    return ask


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("risk", "draft"), RISKS)
async def test_only_the_typed_words_lead_to_the_confirmation(fake_cloud, asked, until, screen_text, risk, draft, size):
    async with asked(risk, fake_cloud, draft, size) as pilot:
        app = pilot.app
        assert TEXTS[risk].title in screen_text(app)
        for wrong in ("yes", "no", risk.words.replace(" ", "")):
            await pilot.press("ctrl+u", *typed(wrong))
            await until(lambda: f"Type {risk.words} to continue" in screen_text(app), "the refusal")
            assert app.screen.query_one("#dialog").max_scroll_y == 0
            assert app.session.run.engine is None
        await pilot.press("ctrl+u", *typed(risk.words.upper()))
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the confirmation")
        assert fake_cloud.applied == []
        await pilot.press("y")
        await until(lambda: app.phase is Phase.CONFIGURATION, "the run")
        await until(lambda: app.session.run.record.finished_at, "its end")


@pytest.mark.parametrize(("risk", "draft"), RISKS)
async def test_a_real_account_asks_for_its_digits_as_well(fake_cloud, asked, until, risk, draft):
    fake_cloud.demo = False
    async with asked(risk, fake_cloud, draft, demo=False) as pilot:
        await pilot.press(*typed(risk.words))
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the confirmation")
        await pilot.press("y")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmDialog)
        await pilot.press(*"9012", "enter")
        await until(lambda: pilot.app.phase is Phase.CONFIGURATION, "the run")
        await until(lambda: pilot.app.session.run.record.finished_at, "its end")


async def test_both_risks_are_accepted_one_after_the_other(fake_cloud, asked, until):
    async with asked(ONLY_KMS, fake_cloud, BOTH) as pilot:
        app = pilot.app
        await pilot.press(*typed(NO_MFA.words))
        await pilot.pause()
        assert app.screen.risk == ONLY_KMS  # the words of one risk do not accept the other
        await pilot.press("ctrl+u", *typed(ONLY_KMS.words))
        await risk_shown(pilot, until, NO_MFA)
        await pilot.press(*typed(ONLY_KMS.words))
        await pilot.pause()
        assert app.screen.risk == NO_MFA
        await pilot.press("ctrl+u", *typed(NO_MFA.words))
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the confirmation")


async def test_what_was_accepted_is_asked_again_after_a_cancelled_one(fake_cloud, asked, until):
    async with asked(ONLY_KMS, fake_cloud, BOTH) as pilot:
        app = pilot.app
        await pilot.press(*typed(ONLY_KMS.words))
        await risk_shown(pilot, until, NO_MFA)
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, SummaryScreen), "the summary")
        assert app.session.run.engine is None
        await pilot.press("enter")
        await risk_shown(pilot, until, ONLY_KMS)


@pytest.mark.parametrize(("risk", "draft"), RISKS)
async def test_escape_changes_nothing_on_the_summary(fake_cloud, asked, until, risk, draft):
    async with asked(risk, fake_cloud, draft) as pilot:
        before = dict(vars(pilot.app.session.draft))
        await pilot.press(*risk.words[:2], "escape")
        await until(lambda: isinstance(pilot.app.screen, SummaryScreen), "the summary")
        assert pilot.app.session.run.engine is None
        assert vars(pilot.app.session.draft) == before
        assert not pilot.app.session.wanted


async def test_the_button_leads_to_a_seal_and_with_a_seal_there_is_no_question(fake_cloud, asked, until, paste):
    async with asked(ONLY_KMS, fake_cloud, KMS) as pilot:
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, OfflineSealsDialog), "the seals")
        await pilot.pause()
        await paste(pilot, ANNA)
        await pilot.press("ctrl+n")
        await until(lambda: not isinstance(pilot.app.screen, OfflineSealsDialog), "the form")
        assert not review(pilot.app.session)
        assert pilot.app.session.run.setup.request.has_seal
        assert acknowledgements(pilot.app.session.run.setup.request) == ()
        assert not pilot.app.session.wanted


@pytest.mark.parametrize("size", SIZES)
async def test_the_button_leads_to_the_mfa_field_and_with_a_device_there_is_no_question(
    fake_cloud, asked, until, ask_to_create, screen_text, size
):
    async with asked(NO_MFA, fake_cloud, BARE, size) as pilot:
        app = pilot.app
        await pilot.press("enter")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#mfa"), "the form")
        field = app.screen.query_one("#mfa", ChoiceField)
        await until(lambda: app.focused is field.control, "the focus")
        await until(lambda: "MFA" in screen_text(app).split("Protect")[0], "the field on the screen")
        await pilot.press("right", "right")
        assert app.session.draft.mfa == "sealed"
        await pilot.press("ctrl+n")
        await until(lambda: app.phase is Phase.SUMMARY and app.screen.query("#plan"), "the summary again")
        await until(lambda: not app.session.run.prechecking, "the checks")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the confirmation")


async def test_a_later_visit_of_the_form_focuses_the_field_that_was_left(fake_cloud, asked, until, go_to):
    async with asked(NO_MFA, fake_cloud, BARE) as pilot:
        app = pilot.app
        await pilot.press("enter")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#mfa"), "the form")
        await until(lambda: app.focused is app.screen.query_one("#mfa").control, "the focus")
        await go_to(pilot, "groups")
        await pilot.press("ctrl+n")
        await until(lambda: app.phase is Phase.SUMMARY and app.screen.query("#plan"), "the summary")
        await pilot.press("escape")
        await until(lambda: app.phase is Phase.ASSESSMENT and app.screen.query("#groups"), "the form again")
        await until(lambda: app.focused is app.screen.query_one("#groups").control, "the focus")


async def test_a_leads_from_the_summary_to_the_seals(fake_cloud, summary, until):
    async with summary(fake_cloud, **KMS) as pilot:
        await pilot.press("a")
        await until(lambda: isinstance(pilot.app.screen, OfflineSealsDialog), "the seals")


async def test_a_second_seal_and_a_device_need_no_words(fake_cloud, summary, until):
    async with summary(fake_cloud, **KMS, seal_to=ANNA) as pilot:
        await until(lambda: not pilot.app.session.run.prechecking, "the checks")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the confirmation")


@pytest.mark.parametrize(("risk", "draft"), RISKS)
async def test_the_button_and_the_keys_are_on_the_line_of_keys(fake_cloud, asked, screen_text, risk, draft):
    async with asked(risk, fake_cloud, draft) as pilot:
        button = TEXTS[risk].button
        text = screen_text(pilot.app)
        assert f"enter {button[0].lower()}{button[1:]}   esc cancel   f1 help" in text
        assert f'or type "{risk.words}", then enter:' in text


@pytest.mark.parametrize(
    ("access", "credentials"),
    [("console", "password"), ("programmatic", "access key"), ("both", "password or the access key")],
)
async def test_the_risk_without_a_device_names_only_the_credentials_of_the_plan(
    fake_cloud, asked, screen_text, access, credentials
):
    async with asked(NO_MFA, fake_cloud, BARE | {"access": access}) as pilot:
        text = " ".join(screen_text(pilot.app).replace("│", " ").split())
        assert f"No second factor: the {credentials} alone is enough to act as this administrator." in text


def test_every_risk_of_a_request_has_its_texts():
    request = parse_request({"region": "eu-west-1", "kms_key_id": "alias/break-glass"})
    assert set(acknowledgements(request)) == set(TEXTS)
