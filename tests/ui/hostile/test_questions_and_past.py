"""Hostile text in the questions of a run, in its failures, and in the run of an earlier process."""

from __future__ import annotations

import pytest
from fake_account import FakeClock
from hostile import WORST
from hostile_cloud import HostileCloud

from breakglass_tui.domain.events import StepFinished, StepStatus
from breakglass_tui.domain.problems import Kind, Problem
from breakglass_tui.domain.questions import MfaCodes, SignIn, StoreSecret
from breakglass_tui.domain.request import parse_request
from breakglass_tui.domain.text import show
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.configuration.stop_dialog import StopDialog
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.summary.preflight_panel import refusal

URI = Secret("otpauth://totp/x?secret=ABCDEFGH")
QUESTIONS = {
    "mfa": lambda text: MfaCodes(f"arn:aws:iam::1:mfa/{text}", URI, Secret("ABCDEFGH"), text),
    "secret": lambda text: StoreSecret(text, Secret("s3cret"), ((text, text),)),
    "sign-in": lambda text: SignIn(text, text, text),
}


def begin(text):
    """Return the part of ``text`` that is visible if it is cut."""
    return show(text)[:9]


@pytest.fixture
def started(until, ask_to_create):
    """Return ``started(pilot)``: it walks through the form and the summary, and starts the run."""

    async def start(pilot):
        app = pilot.app
        await until(lambda: app.session.connection.is_read, "the account")
        await pilot.press("ctrl+n")
        await until(lambda: app.phase is Phase.SUMMARY and not refusal(app.session.run), "the summary")
        await ask_to_create(pilot)
        await pilot.press("y")
        await until(lambda: app.phase is Phase.CONFIGURATION and app.session.run.record.steps, "the run")

    return start


@pytest.mark.parametrize(("kind", "text"), list(zip(QUESTIONS, WORST, strict=True)))
async def test_what_a_run_asks_is_shown_as_text_and_can_be_left(walk, until, started, clean, kind, text):
    cloud = HostileCloud(text)

    def ask(context):
        context.ask(QUESTIONS[kind](text))
        return StepOutcome(text)

    cloud.on_apply["create-user"] = ask
    async with walk(cloud) as pilot:
        await started(pilot)
        steps = pilot.app.session.run.record.steps
        await until(lambda: steps["create-user"].status is StepStatus.WAITING, "the question")
        await clean(pilot, begin(text))
        await pilot.press("ctrl+q")
        await until(lambda: isinstance(pilot.app.screen, StopDialog), "the dialog")
        await clean(pilot, "Quit during the run?")


async def test_a_step_that_fails_and_cannot_be_undone_is_shown_in_words(walk, until, started, clean):
    cloud = HostileCloud(WORST[1])

    def fail(context):
        raise Problem(WORST[0], why=WORST[1], next=WORST[2], kind=Kind.REFUSED)

    cloud.on_apply["login-profile"] = fail
    cloud.on_undo["create-user"] = fail
    async with walk(cloud) as pilot:
        await started(pilot)
        await until(lambda: pilot.app.session.run.record.finished_at is not None, "the end of the run")
        await clean(pilot, *map(begin, WORST))


async def test_a_run_of_an_earlier_process_is_shown_in_words(walk, until, clean, tmp_path):
    text = "".join(WORST)
    cloud = HostileCloud(text, own_identifiers=True)
    setup = new_setup(parse_request({"region": "eu-west-1", "user_name": "bg-night"}), cloud.account, tmp_path / "out")
    events = new_run(cloud, setup, RunStore(tmp_path / "state"), FakeClock()).events()
    for event in events:
        if isinstance(event, StepFinished):
            break
    events.close()
    async with walk(cloud, form=False) as pilot:
        app = pilot.app
        await until(lambda: app.session.journals.history is not None, "the list")
        await pilot.press("r")
        await until(lambda: isinstance(app.screen, UnfinishedDialog), "the dialog")
        await clean(pilot, begin(text))
        await pilot.press("u")
        await until(lambda: app.screen.query("#confirm-text"), "the question")
        await clean(pilot, begin(text))
