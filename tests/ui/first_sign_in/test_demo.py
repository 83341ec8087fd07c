"""The first sign-in on the simulated account, by the operator who created the user and by a later one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pyrage
import pytest

from breakglass_tui.cli.connector import Connector
from breakglass_tui.cli.options import Options
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.report.journal_comparison import JournalEvidence
from breakglass_tui.report.report_checks import report_checks
from breakglass_tui.report.report_file import read_report
from breakglass_tui.secrets.secret import Secret
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.first_sign_in.screen import FirstSignInScreen
from breakglass_tui.ui.state.phase import Phase
from breakglass_tui.ui.validation.user_validation import read_user, user_validation

IDENTITY = pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def connector():
    with Connector(Options(demo=True)) as connect:
        yield connect


@pytest.fixture
def until():
    """``await until(condition)``, with a limit for a busy machine."""

    async def wait(condition, what):
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110 - the condition belongs to the screen
                await asyncio.sleep(0.05)
        assert condition(), what

    return wait


@pytest.fixture
def opened(connector, tmp_path):
    """``opened(user_name, **fields)``: the App with a run that is done, about to open its validation."""

    def prepare(user_name, **fields):
        cloud = connector()
        app = BreakGlassApp(connector, demo=True, directory=tmp_path, journals=tmp_path / "journals")
        session = app.session
        session.connection.cloud, session.connection.caller = cloud, cloud.identify()
        *_, session.connection.account = cloud.assess("eu-west-1", session.connection.caller)
        request = {"region": "eu-west-1", "user_name": user_name, "seal_to": [str(IDENTITY.to_public())], **fields}
        session.run.setup = new_setup(parse_request(request), session.connection.account, tmp_path / user_name)
        session.run.setup.envelopes.require_writable()
        session.run.engine = new_run(cloud, session.run.setup, session.journals.store, session.clock)
        for event in session.run.engine.events():
            session.run.record.apply(event)
        assert session.run.done, session.run.record.problem

        def first():
            screen = app.screen_of(Phase.VALIDATION)
            screen._push_result_callback(screen, None)
            return screen

        app.accounts.connect = lambda: None
        app.get_default_screen = first
        return app

    return prepare


def password_in(path):
    return json.loads(pyrage.decrypt(path.read_bytes(), [IDENTITY]))["secret"]["password"]


async def started(app, pilot, until, screen_text):
    """Wait for the validation, press f, and wait until the first sign-in asks AWS."""
    await until(lambda: "1 STEP LEFT" in screen_text(app), "the verdict")
    await pilot.press("f")
    await until(lambda: isinstance(app.screen, FirstSignInScreen) and "not yet" in screen_text(app), "the first look")


async def ended(app, pilot, until, screen_text, proof):
    """Wait until the user is READY, export the report, and return it."""
    await until(lambda: "Validate the user again       READY" in screen_text(app), "the proof")
    await pilot.press("enter")
    await until(lambda: "✓ READY" in screen_text(app) and app.focused, "the validation")
    await pilot.press("e")
    await until(lambda: proof.exported, "the report")
    return json.loads((proof.exported[0].parent / "report.json").read_text())


async def test_the_operator_who_created_the_user_simulates_it_and_the_report_lists_the_new_envelopes(
    opened, until, screen_text, tmp_path
):
    app = opened("bg-walk", mfa="sealed", kms_key_id="alias/break-glass")
    async with app.run_test(size=(80, 24)) as pilot:
        await started(app, pilot, until, screen_text)
        work = app.first_sign_in._state.worker
        passwords = [work.temporary.reveal().encode(), work.permanent.reveal().encode()]
        await pilot.press("p")
        report = await ended(app, pilot, until, screen_text, app.session.run.validation)
        assert (work.temporary, work.permanent) == (None, None), "their last use is over"
    names = {envelope["path"] for envelope in report["envelopes"] if envelope["contents"] == ["password"]}
    assert names == {"bg-walk.password.lasting.age", "bg-walk.password.lasting.kms.json"}
    assert {path.name for path in (tmp_path / "bg-walk").glob("*.password.*")} == names
    assert report["readiness"]["verdict"] == "ready"
    evidence = JournalEvidence(app.session.journals.store.hashes(app.session.run.setup.run_id), app.session.run.record)
    found = report_checks(read_report(tmp_path / "bg-walk" / "report.json"), evidence)
    assert {check.status.value for check in found if check.id not in ("journal:verdict", "signature")} == {"pass"}
    files = [path for top in (tmp_path, Path.home()) for path in top.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files for password in passwords if password in path.read_bytes()] == []


async def test_without_the_secrets_a_later_validation_still_proves_all_that_the_first_one_proved(
    opened, until, screen_text
):
    app = opened("bg-gone", access="both", mfa="sealed", require_mfa=True, kms_key_id="alias/break-glass")
    session = app.session
    async with app.run_test(size=(80, 24)) as pilot:
        await started(app, pilot, until, screen_text)
        assert session.run.setup.vault.names == {"password", "permanent-password"}
        await pilot.press("p")
        await until(lambda: "Validate the user again       READY" in screen_text(app), "the proof")
        assert session.run.setup.vault.names == set()
        before = {id: result.status for id, result in session.run.record.checks.items()}
        await pilot.press("enter")
        await until(lambda: "✓ READY" in screen_text(app) and app.focused, "the validation")
        session.run.record.checks.clear()
        assert app.checks.start(session.run.validation)
        await until(lambda: not session.run.validation.inspecting, "the checks")
        assert {id: result.status for id, result in session.run.record.checks.items()} == before
        assert session.run.record.readiness.verdict.value == "ready"


async def test_a_later_operator_opens_the_envelopes_and_completes_the_first_sign_in(
    opened, connector, until, screen_text, tmp_path
):
    app = opened("bg-later")
    session = app.session
    session.user_validation = user_validation(session, read_user(session, "bg-later"), Phase.START)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(app, pilot, until, screen_text)
        text = screen_text(app)
        assert "the temporary password, in its envelope:" in text
        assert "p Simulate" not in text
        there = tmp_path / "bg-later"
        temporary, permanent = (password_in(there / f"bg-later.password{kind}.age") for kind in ("", ".lasting"))
        connector._demo.sign_in("bg-later", Secret(temporary), Secret(permanent))
        await pilot.press("enter", "enter")
        report = await ended(app, pilot, until, screen_text, session.user_validation)
        assert not session.user_validation._left
    assert [path.name for path in there.glob("*.age")] == ["bg-later.password.lasting.age"]
    assert [Path(envelope["path"]).name for envelope in report["envelopes"]] == ["bg-later.password.lasting.age"]
    assert "new password is demanded" not in (session.user_validation.directory / "runbook.md").read_text()
    assert report["readiness"]["verdict"] == "ready"
