"""An interrupted run, and the App that starts after it: finished or undone, verified with a separate client."""

from __future__ import annotations

import asyncio

import boto3
import pytest

from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.account import Account
from breakglass_tui.domain.events import RunStatus, StepFinished
from breakglass_tui.domain.request import parse_request
from breakglass_tui.engine.compose import new_run, new_setup
from breakglass_tui.engine.run_store import RunStore
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.start.unfinished_dialog import UnfinishedDialog
from breakglass_tui.ui.state.phase import Phase

REGION = "eu-west-1"


@pytest.fixture(scope="module")
def demo():
    with DemoAccount() as account:
        yield account


@pytest.fixture
def cloud(demo):
    """The simulated account, connected like a real one. It outlives the run."""
    credentials = (demo.access_key_id, demo.secret_access_key)
    return lambda: connect(region=REGION, endpoint_url=demo.start(), credentials=credentials, demo=False)


@pytest.fixture
def iam(demo):
    keys = {"aws_access_key_id": demo.access_key_id, "aws_secret_access_key": demo.secret_access_key}
    return boto3.client("iam", region_name=REGION, endpoint_url=demo.start(), **keys)


@pytest.fixture
def interrupted(cloud, tmp_path):
    """``interrupted(name, after=…)``: a run with every secret sealed. Its process died when that step was done."""

    def run(name, *, after):
        made = cloud()
        caller = made.identify()
        account = Account(caller, REGION)
        for account in made.assess(REGION, caller):  # noqa: B007 - the last one is complete
            pass
        request = {"region": REGION, "user_name": name, "access": "both", "mfa": "sealed"}
        request = parse_request({**request, "kms_key_id": "alias/break-glass", "groups": ["emergency"]})
        setup = new_setup(request, account, tmp_path / name)
        events = new_run(made, setup, RunStore(tmp_path / "journals")).events()
        for event in events:
            if isinstance(event, StepFinished) and event.step == after:
                break
        events.close()
        return setup.run_id

    return run


@pytest.fixture
def app(cloud, tmp_path):
    return BreakGlassApp(cloud, demo=False, directory=tmp_path, journals=tmp_path / "journals")


async def until(holds, what, limit_s=60):
    async with asyncio.timeout(limit_s):
        while not holds():  # noqa: ASYNC110 - the screen has no event for this condition
            await asyncio.sleep(0.02)
    assert holds(), what


async def chosen(app, pilot, key):
    """Select the run on the start screen, wait for AWS, press ``key``, and confirm with the account's last digits."""
    await until(
        lambda: app.session.journals.history is not None and app.focused is app.screen.query_one("#runs"), "the run"
    )
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, UnfinishedDialog), "the dialog")
    await until(lambda: app.session.connection.is_read, "the account")
    await app.workers.wait_for_complete()
    await pilot.press(key)
    await until(lambda: app.screen.query("#confirm-text"), "the confirmation")
    await pilot.press(*app.session.connection.caller.account_id[-4:], "enter")
    await until(lambda: app.phase is Phase.CONFIGURATION, "the run")
    await until(lambda: app.session.run.record.finished_at, "the end of the run")
    await pilot.pause()


@pytest.mark.parametrize(("after", "size"), [("create-user", (80, 24)), ("access-key", (120, 36))])
async def test_an_interrupted_run_is_resumed_to_its_end_and_validated(app, interrupted, iam, after, size, tmp_path):
    name = f"interrupted-{after}"
    id = interrupted(name, after=after)
    before = [key["AccessKeyId"] for key in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]]
    async with app.run_test(size=size) as pilot:
        await chosen(app, pilot, "r")
        assert app.session.run.record.status is RunStatus.DONE, app.session.run.record.problem
        await pilot.press("enter")
        await until(lambda: app.phase is Phase.VALIDATION, "the validation")
        await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
        assert "fail" not in {result.status.value for result in app.session.run.record.checks.values()}
        await pilot.press("ctrl+q")
    assert app.return_code == 0
    tags = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=name)["Tags"]}
    assert tags["breakglass-tui:run-id"] == id
    (key,) = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    assert key["AccessKeyId"] == app.session.run.record.facts["access_key_id"]
    assert key["AccessKeyId"] in (before or [key["AccessKeyId"]])
    assert len(iam.list_mfa_devices(UserName=name)["MFADevices"]) == 1
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName=name)["Groups"]] == ["emergency"]
    assert RunStore(tmp_path / "journals").find(id).record.status is RunStatus.DONE


async def test_an_interrupted_run_is_undone_and_nothing_is_left(app, interrupted, iam, tmp_path):
    interrupted("interrupted-undone", after="access-key")
    assert iam.get_user(UserName="interrupted-undone")
    async with app.run_test(size=(80, 24)) as pilot:
        await chosen(app, pilot, "u")
        assert app.session.run.record.status is RunStatus.UNDONE, app.session.run.record.not_removed
        await pilot.press("n")
        await until(lambda: app.phase is Phase.ASSESSMENT, "a new assessment")
        await until(lambda: app.session.connection.is_read, "the account")
        assert "interrupted-undone" not in app.session.connection.account.user_names.items
        await pilot.press("ctrl+q")
    assert app.return_code == 0
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_user(UserName="interrupted-undone")
    devices = iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    assert not [device for device in devices if "interrupted-undone" in device["SerialNumber"]]
    assert not list((tmp_path / "interrupted-undone").glob("*.kms.json"))
    assert RunStore(tmp_path / "journals").unfinished() == ()
