"""A later session of the App on the simulated account: it uses earlier proofs, and accepts a device."""

from __future__ import annotations

import asyncio
import time

import boto3
import pyotp
import pytest
from accepting import ask_to_create
from pyrage import x25519

from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.checks import Verdict
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.dialogs.confirm import ConfirmDialog
from breakglass_tui.ui.dialogs.picker import PickerDialog
from breakglass_tui.ui.state.phase import Phase

REGION = "eu-west-1"
NAME = "night-shift-later"


@pytest.fixture
def account():
    with DemoAccount() as account:
        yield account


@pytest.fixture
def session(account, tmp_path):
    """``session()``: a new session of the App. The account outlives it, as AWS does."""
    keys = (account.access_key_id, account.secret_access_key)

    def connection():
        return connect(region=REGION, endpoint_url=account.start(), credentials=keys, demo=False)

    return lambda: BreakGlassApp(connection, demo=False, directory=tmp_path, journals=tmp_path / "journals")


async def until(holds, what, limit_s=60):
    async with asyncio.timeout(limit_s):
        while not holds():  # noqa: ASYNC110 - the screen has no event for this condition
            await asyncio.sleep(0.02)
    assert holds(), what


async def created_and_validated(app):
    """Create the user with a sealed key and a sealed device, and validate it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await until(lambda: app.session.connection.is_read, "the account")
        draft = app.session.draft
        draft.user_name, draft.access, draft.mfa, draft.password_reset_required = NAME, "both", "sealed", False
        draft.seal_to = str(x25519.Identity.generate().to_public())
        await pilot.press("n")
        await until(lambda: app.screen.query("#user_name"), "the form")
        await pilot.press("ctrl+n")
        await until(lambda: app.phase is Phase.SUMMARY and app.session.run.preflight, "the summary")
        await until(lambda: not app.session.run.prechecking, "the preflight checks")
        await pilot.pause()
        await ask_to_create(pilot, until)
        await pilot.press(*app.session.connection.caller.account_id[-4:], "enter")
        await until(lambda: app.phase is Phase.CONFIGURATION and app.session.run.record.finished_at, "the run")
        assert app.session.run.record.status is RunStatus.DONE, app.session.run.record.problem
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
        assert app.session.run.record.readiness.verdict is Verdict.READY, app.session.run.record.readiness
        await app.workers.wait_for_complete()


async def visited(app, pilot):
    """Validate the user from the start screen."""
    await until(lambda: app.session.connection.is_read, "the account")
    await until(lambda: app.screen.query("#users") and app.focused, "the start")
    await pilot.press("v")
    await until(lambda: isinstance(app.screen, PickerDialog), "the users")
    await pilot.pause()
    await pilot.press(*NAME, "enter")
    await until(lambda: app.session.user_validation and app.session.user_validation.record.checks, "the first result")
    await until(lambda: not app.session.user_validation.inspecting, "the checks")


def enrol_device(account):
    """Add a second device in the IAM console, as the check ``second-device`` advises. Return its serial number."""
    keys = {"aws_access_key_id": account.access_key_id, "aws_secret_access_key": account.secret_access_key}
    iam = boto3.client("iam", region_name=REGION, endpoint_url=account.start(), **keys)
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="second")["VirtualMFADevice"]
    totp, now = pyotp.TOTP(device["Base32StringSeed"].decode()), time.time()
    codes = {"AuthenticationCode1": totp.at(now - 30), "AuthenticationCode2": totp.at(now)}
    iam.enable_mfa_device(UserName=NAME, SerialNumber=device["SerialNumber"], **codes)
    return device["SerialNumber"]


async def test_a_later_session_uses_the_proofs_and_accepts_a_device(session, account):
    await created_and_validated(session())
    app = session()
    async with app.run_test(size=(120, 36)) as pilot:
        await visited(app, pilot)
        record = app.session.user_validation.record
        assert "used by a validation on " in record.checks["access"].found
        assert "tested by a validation on " in record.checks["mfa-devices"].found
        assert record.readiness.verdict is Verdict.READY, record.readiness
        serial = enrol_device(account)
        await pilot.press("R")
        await until(lambda: record.readiness.words == "NOT PROVEN", "the unknown device")
        await until(lambda: not app.session.user_validation.inspecting, "the checks")
        await pilot.press("a")
        await until(lambda: isinstance(app.screen, ConfirmDialog), "the question")
        await pilot.press("y")
        await until(lambda: "is enabled and was accepted" in record.checks["mfa-devices"].found, "the acceptance")
        assert serial in record.checks["mfa-devices"].found
        assert record.readiness.verdict is Verdict.READY, record.readiness
