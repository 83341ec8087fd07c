"""The appearance of the screens in their main states: two sizes, dark, light, and without colour."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from accepting import risk_shown, typed
from portrait import portrait

from breakglass_tui.domain.acknowledgements import NO_MFA
from breakglass_tui.domain.checks import UNKNOWN_DEVICES, CheckResult, CheckStatus
from breakglass_tui.domain.events import EnvelopeInfo
from breakglass_tui.engine import first_sign_in as engine
from breakglass_tui.engine.plan import StepOutcome
from breakglass_tui.ui.assessment.offline_seals_dialog import OfflineSealsDialog
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.document import DocumentDialog
from breakglass_tui.ui.dialogs.log import LogDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.first_sign_in.screen import FirstSignInScreen
from breakglass_tui.ui.summary.commands_dialog import CommandsDialog

RECIPIENT = "age1kw2p88h9lce6kp97wp8g5wk30955zjp92v0l3ft093j946amrptsrml62g"
FULL = {
    "user_name": "night-shift",
    "access": "both",
    "mfa": "sealed",
    "kms_key_id": "alias/break-glass",
    "seal_to": RECIPIENT,
    "groups": ("emergency",),
    "tags": "team=security",
}


@pytest.fixture
def make_app(make_app, tmp_path, monkeypatch):
    """Write envelopes into a directory with a fixed name, because the screen shows it."""
    monkeypatch.chdir(tmp_path)
    return lambda cloud, **values: make_app(cloud, **{"directory": Path("out"), **values})


@pytest.fixture
def temporary(fake_cloud, make_app, monkeypatch):
    """A run that sealed a temporary password, and an AWS that has no other yet and is asked once."""
    monkeypatch.setattr(engine, "READ_EVERY_S", 600)
    old = Path("bg.password.age")
    old.write_bytes(b"old")
    info = EnvelopeInfo(str(old), ("password",), ("age",), hashlib.sha256(b"old").hexdigest())
    fake_cloud.on_apply["login-profile"] = lambda context: StepOutcome("sealed", envelopes=(info,))
    fake_cloud.password.directory = Path()
    fake_cloud.results["access"] = CheckResult(
        "access", "Credentials", CheckStatus.PASS, "x", "y", pending="the reset", clears="f leads through it"
    )
    return fake_cloud


async def test_the_assessment_as_it_opens(fake_cloud, assessment, snapshot):
    async with assessment(fake_cloud) as pilot:
        assert await portrait(pilot) == snapshot


async def test_the_assessment_with_mistakes(fake_cloud, assessment, go_to, snapshot):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "user_name")
        await pilot.press(*"a b", "tab", "end", "x", "ctrl+n")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_seals(fake_cloud, assessment, go_to, until, paste, screen_text, snapshot):
    async with assessment(fake_cloud) as pilot:
        await until(lambda: "reading" not in screen_text(pilot.app), "what shows below the dialog")
        await go_to(pilot, "offline")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, OfflineSealsDialog), "the dialog")
        await paste(pilot, RECIPIENT)
        assert await portrait(pilot) == snapshot


async def test_the_summary_with_its_looks_done(fake_cloud, summary, until, snapshot, screen_text):
    async with summary(fake_cloud, **FULL) as pilot:
        await until(lambda: "3 pass · 0 fail" in screen_text(pilot.app), "the looks")
        assert await portrait(pilot) == snapshot


async def test_a_proof_with_each_kind_of_result(fake_cloud, validation, until, snapshot):
    for id, status in (
        ("inline-policy", CheckStatus.WARN),
        ("access", CheckStatus.FAIL),
        ("mfa-devices", CheckStatus.SKIP),
    ):
        fake_cloud.results[id] = CheckResult(id, id, status, "what was asked for", "something else", remedy="Mend it.")
    async with validation(fake_cloud, **FULL) as pilot:
        await until(
            lambda: pilot.app.session.run.record.checks and not pilot.app.session.run.validation.inspecting,
            "the checks",
        )
        await pilot.press("j", "j")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_a_risk_to_accept_with_wrong_words(fake_cloud, summary, until, snapshot):
    async with summary(fake_cloud, **{**FULL, "mfa": "none"}) as pilot:
        await until(lambda: pilot.app.session.run.preflight and not pilot.app.session.run.prechecking, "the looks")
        await pilot.press("enter")
        await risk_shown(pilot, until, NO_MFA)
        await pilot.press(*typed("no mfas"))
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_an_unknown_device_that_can_be_accepted(fake_cloud, validation, until, snapshot):
    serial = "arn:aws:iam::123456789012:mfa/phone-of-the-night-shift"
    of_user = f"--user-name night-shift --serial-number {serial}"
    accept = f"breakglass-tui validate --user-name night-shift --accept-device {serial}"
    fake_cloud.results["mfa-devices"] = CheckResult(
        "mfa-devices",
        "MFA devices",
        CheckStatus.WARN,
        "no unknown MFA device",
        f"MFA device {serial} is unknown: not requested and not accepted",
        remedy=f"Deactivate it unless you know who holds it: aws iam deactivate-mfa-device {of_user}",
        clears=f"If you know who holds it, accept it: {accept}",
        unproven=f"MFA devices: {serial} is unknown",
        facts={UNKNOWN_DEVICES: serial, "user_id": "AIDAEXAMPLE"},
    )
    async with validation(fake_cloud, **FULL) as pilot:
        await until(
            lambda: pilot.app.session.run.record.checks and not pilot.app.session.run.validation.inspecting,
            "the checks",
        )
        await pilot.press("G")
        await pilot.pause()
        assert await portrait(pilot) == snapshot
        await pilot.press("a")
        await until(lambda: isinstance(pilot.app.screen, ConfirmDialog), "the question")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_help(fake_cloud, assessment, snapshot):
    async with assessment(fake_cloud) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_a_picker(fake_cloud, assessment, go_to, until, snapshot):
    async with assessment(fake_cloud) as pilot:
        await go_to(pilot, "kms_key_id")
        await pilot.press("enter")
        await until(lambda: isinstance(pilot.app.screen, PickerDialog), "the list")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_plan_as_commands(fake_cloud, summary, until, snapshot):
    async with summary(fake_cloud, **FULL) as pilot:
        await until(lambda: pilot.app.session.run.preflight and not pilot.app.session.run.prechecking, "the looks")
        await pilot.press("c")
        await until(lambda: isinstance(pilot.app.screen, CommandsDialog), "the commands")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_results_by_standard(fake_cloud, validation, until, snapshot):
    async with validation(fake_cloud, **FULL) as pilot:
        await until(
            lambda: pilot.app.session.run.record.checks and not pilot.app.session.run.validation.inspecting,
            "the checks",
        )
        await pilot.press("c")
        await until(lambda: isinstance(pilot.app.screen, DocumentDialog), "the lens")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_validation_of_another_user(fake_cloud, assessment, until, screen_text, snapshot):
    async with assessment(fake_cloud) as pilot:
        pilot.app.users.validate("bob")
        await until(lambda: "READY" in screen_text(pilot.app), "the verdict")
        await until(
            lambda: not pilot.app.session.user_validation.inspecting and pilot.app.screen.focused,
            "the end of the checks",
        )
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_log(fake_cloud, validation, until, snapshot):
    async with validation(fake_cloud, **FULL) as pilot:
        session = pilot.app.session
        await until(lambda: session.run.record.checks and not session.run.validation.inspecting, "the checks")
        session.run.validation.log.lines[:] = [
            "   0.0 s  Create user       begins",
            "   0.3 s  Create user       iam:CreateUser 312 ms  2c1a9f0e-3b5d-4c77-9f55-0d6a7a3c1e42",
            "   0.4 s  Access key        waits 2.0 s: AWS asks to slow down (Throttling)",
            "   4.1 s  Access key        failed: AWS refused iam:CreateAccessKey. Ask who administers user/ops-admin.",
        ]
        await pilot.press("l")
        await until(lambda: isinstance(pilot.app.screen, LogDialog), "the log")
        await pilot.pause()
        assert await portrait(pilot) == snapshot


async def test_the_first_sign_in(temporary, validation, until, screen_text, snapshot):
    async with validation(temporary) as pilot:
        await until(lambda: "1 STEP LEFT" in screen_text(pilot.app), "the verdict")
        await pilot.press("f")
        await until(lambda: isinstance(pilot.app.screen, FirstSignInScreen), "the screen")
        await until(lambda: "not yet" in screen_text(pilot.app), "the look at AWS")
        await pilot.pause()
        assert await portrait(pilot) == snapshot
        pilot.app.first_sign_in._state.leave()
