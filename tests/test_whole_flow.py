"""All four phases by keys on the simulated account, verified with a separate boto3 client."""

from __future__ import annotations

import asyncio
import base64
import json
import time

import boto3
import pyotp
import pytest
from accepting import ask_to_create

from breakglass_tui.aws.connect import connect
from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.checks import MISSION
from breakglass_tui.domain.events import RunStatus
from breakglass_tui.domain.questions import MfaCodes, StoreSecret
from breakglass_tui.ui.app import BreakGlassApp
from breakglass_tui.ui.state.phase import Phase

REGION = "eu-west-1"
ROLE = "EmergencyAdmin"
POLICY = "BreakGlassAdministratorAccess"


@pytest.fixture(scope="module")
def demo():
    with DemoAccount() as account:
        yield account


@pytest.fixture
def app(demo, tmp_path):
    def connection():
        credentials = (demo.access_key_id, demo.secret_access_key)
        return connect(region=REGION, endpoint_url=demo.start(), credentials=credentials, demo=True)

    return BreakGlassApp(connection, demo=True, directory=tmp_path, journals=tmp_path / "journals")


@pytest.fixture
def iam(demo):
    return _client(demo, "iam")


def _client(demo, service):
    keys = {"aws_access_key_id": demo.access_key_id, "aws_secret_access_key": demo.secret_access_key}
    return boto3.client(service, region_name=REGION, endpoint_url=demo.start(), **keys)


async def until(holds, what, limit_s=60):
    async with asyncio.timeout(limit_s):
        while not holds():  # noqa: ASYNC110 - the screen has no event for this condition
            await asyncio.sleep(0.02)
    assert holds(), what


async def assessed(app, pilot):
    """Go from the start screen to the form, and wait until the account is read."""
    await pilot.press("n")
    await until(lambda: app.session.connection.is_read, "the account")
    await until(lambda: app.screen.query("#user_name"), "the form")


async def confirmed(app, pilot):
    """Go from the form through the review to the run."""
    await pilot.press("ctrl+n")
    await until(lambda: app.phase is Phase.SUMMARY, "the summary")
    await until(
        lambda: "output-writable" in app.session.run.preflight or "quotas" in app.session.run.preflight, "preflight"
    )
    await app.workers.wait_for_complete()
    await pilot.pause()
    await ask_to_create(pilot, until)
    await pilot.press("y")
    await until(lambda: app.phase is Phase.CONFIGURATION, "the configuration")


async def validated(app, pilot):
    """Go from the end of the run to the exported report, and return the report."""
    await until(lambda: app.session.run.record.finished_at, "the end of the run")
    assert app.session.run.record.status is RunStatus.DONE, app.session.run.record.problem
    await pilot.pause()
    await pilot.press("enter")
    await until(lambda: app.phase is Phase.VALIDATION, "the validation")
    await until(lambda: app.session.run.record.checks and not app.session.run.validation.inspecting, "the checks")
    statuses = {id: result.status.value for id, result in app.session.run.record.checks.items()}
    assert {id: statuses[id] for id in MISSION} == dict.fromkeys(MISSION, "pass")
    # The user has no fault. A warning can be a risk of the account, such as a sign-in without an alert.
    assert set(statuses.values()) <= {"pass", "warn"}
    await pilot.press("e")
    await until(lambda: app.session.run.validation.exported, "the report")
    return json.loads(
        next(path for path in app.session.run.validation.exported if path.name == "report.json").read_text()
    )


async def test_everything_sealed_at_80_by_24_is_created_and_validated(app, demo, iam):
    async with app.run_test(size=(80, 24)) as pilot:
        await assessed(app, pilot)
        await pilot.press("tab", *"night-shift-sealed", "tab", "tab", *"team=ops", "tab")
        await pilot.press("right", "right", "tab", "tab", "right", "right", "tab", "tab")
        await pilot.press(*"break", "enter", "tab", "tab", "enter", *"emerg", "enter", "tab")
        await pilot.press("enter", *"emergencyadmin", "enter")
        await until(lambda: app.session.draft.role_arn, "the role")
        await confirmed(app, pilot)
        report = await validated(app, pilot)
        await pilot.press("ctrl+q")
    assert app.return_code == 0

    name = "night-shift-sealed"
    user = iam.get_user(UserName=name)["User"]
    assert user["Arn"] == "arn:aws:iam::123456789012:user/breakglass/night-shift-sealed" == report["user"]["arn"]
    tags = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=name)["Tags"]}
    assert tags == {"team": "ops", "breakglass-tui:managed": "true", "breakglass-tui:run-id": report["run"]["id"]}
    document = iam.get_user_policy(UserName=name, PolicyName=POLICY)["PolicyDocument"]
    assert document["Statement"] == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    assert iam.get_login_profile(UserName=name)["LoginProfile"]["PasswordResetRequired"] is True
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName=name)["Groups"]] == ["emergency"]
    trust = iam.get_role(RoleName=ROLE)["Role"]["AssumeRolePolicyDocument"]
    assert [s["Principal"] for s in trust["Statement"]].count({"AWS": user["Arn"]}) == 1
    (key,) = iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    (device,) = iam.list_mfa_devices(UserName=name)["MFADevices"]
    assert {item["contents"][0] for item in report["envelopes"]} == {"password", "access-key", "mfa-seed"}
    secrets = _opened(demo, app.session.run.setup.envelopes.directory)
    assert secrets["access-key"]["access_key_id"] == key["AccessKeyId"]
    assert secrets["mfa-seed"]["serial_number"] == device["SerialNumber"]
    sts = boto3.client(
        "sts",
        region_name=REGION,
        endpoint_url=demo.start(),
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=secrets["access-key"]["secret_access_key"],
    )
    assert sts.get_caller_identity()["Arn"] == user["Arn"]
    assert len(secrets["password"]["password"]) >= 24


async def test_an_authenticator_and_unsealed_secrets_at_120_by_36(app, iam):
    async with app.run_test(size=(120, 36)) as pilot:
        await assessed(app, pilot)
        await pilot.press("tab", *"night-shift-shown", "tab", "tab", "tab", "right", "right", "tab", "tab", "right")
        await confirmed(app, pilot)
        seen = []
        while not app.session.run.record.finished_at:
            await until(lambda: app.session.run.record.questions or app.session.run.record.finished_at, "a question")
            if not app.session.run.record.questions:
                break
            number, asked = min(app.session.run.record.questions.items())
            await pilot.pause()
            if isinstance(asked.question, MfaCodes):
                await _type_codes(pilot, asked.question)
            else:
                assert isinstance(asked.question, StoreSecret)
                seen.append(asked.question.label)
                await pilot.press("r", "y", "y")
            await until(lambda n=number: n not in app.session.run.record.questions, "the answer")
        report = await validated(app, pilot)
    name = "night-shift-shown"
    assert sorted(seen) == ["Console password", "Secret access key"]
    assert report["envelopes"] == []
    assert len(iam.list_access_keys(UserName=name)["AccessKeyMetadata"]) == 1
    assert len(iam.list_mfa_devices(UserName=name)["MFADevices"]) == 1


async def test_a_run_that_is_stopped_leaves_nothing_behind(app, iam):
    async with app.run_test(size=(80, 24)) as pilot:
        await assessed(app, pilot)
        await pilot.press("tab", *"night-shift-stopped")
        await confirmed(app, pilot)
        await until(lambda: app.session.run.record.questions, "the question")
        await pilot.press("ctrl+q")
        await pilot.pause()
        await pilot.press("down", "enter")
        await until(lambda: app.session.run.record.finished_at, "the end")
        assert app.session.run.record.status is RunStatus.UNDONE
        await until(lambda: app.return_code is not None, "the exit")
    assert app.return_code == 130
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_user(UserName="night-shift-stopped")


async def _type_codes(pilot, question):
    totp = pyotp.TOTP(question.seed.reveal())
    now = time.time()
    await pilot.press(*totp.at(now - 30), *totp.at(now), "enter")


def _opened(demo, directory):
    """Return the content of the envelopes, decrypted as an operator would: kms Decrypt with the stored context."""
    kms = _client(demo, "kms")
    found = {}
    for path in directory.glob("*.kms.json"):
        envelope = json.loads(path.read_text())
        plain = kms.decrypt(
            KeyId=envelope["key_arn"],
            CiphertextBlob=base64.b64decode(envelope["ciphertext"]),
            EncryptionContext=envelope["encryption_context"],
        )["Plaintext"]
        content = json.loads(plain)
        found[content["contents"]] = content["secret"]
    return found
