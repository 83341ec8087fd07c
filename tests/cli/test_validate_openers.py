"""``validate`` with the user's own credentials, from its envelopes, in a simulated account."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta

import pyrage
import pytest

from breakglass_tui.demo.demo_account import DemoAccount
from breakglass_tui.domain.exit_codes import ExitCode
from breakglass_tui.engine.clock import SystemClock
from breakglass_tui.engine.step_context import StepContext
from breakglass_tui.settings import runs_root

REQUEST = """
region = "eu-west-1"
user_name = "night-shift"
access = "programmatic"
mfa = "sealed"
require_mfa = true
seal_to = ["{recipient}"]
"""


@pytest.fixture
def demo(monkeypatch):
    """A simulated account that outlives a command, and the operator's credentials for it."""
    with DemoAccount() as demo:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", demo.access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", demo.secret_access_key)
        wait = StepContext.wait
        monkeypatch.setattr(StepContext, "wait", lambda self, seconds: wait(self, min(seconds, 0.05)))
        yield demo


@pytest.fixture
def custodian(tmp_path):
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "custodian.txt"
    file.write_text(f"{identity}\n")
    file.chmod(0o600)
    return file, str(identity.to_public())


@pytest.fixture
def aws(demo, command):
    """Run a command against the simulated account."""
    return lambda *words: command("--endpoint-url", demo.start(), *words)


@pytest.fixture
def created(aws, custodian, tmp_path):
    """The directory of the envelopes of a user that exists. Nothing else on this machine knows it."""
    request, out = tmp_path / "request.toml", tmp_path / "evidence"
    request.write_text(REQUEST.format(recipient=custodian[1]))
    ran = aws("apply", "--request", request, "--yes", "--out", out)
    assert ran.code == ExitCode.DONE, ran.err
    assert ran.out.startswith("READY\n"), ran.out
    return out


@pytest.fixture
def forgotten(created, demo):
    """The same, after the journals of this machine were lost and the period of the last MFA code is over."""
    shutil.rmtree(runs_root(demo=False))
    demo._server.run_locked(lambda world: world.used_periods.clear())
    return created


def validate(aws, *words):
    return aws("validate", "--user-name", "night-shift", *words)


def test_a_later_validation_counts_what_the_first_one_proved(aws, created):
    ran = validate(aws, "--require", "ready")
    assert (ran.code, ran.out.splitlines()[0]) == (ExitCode.DONE, "READY"), ran.err
    assert "used by a validation on" in ran.out


def test_without_proof_and_credentials_the_user_is_not_proven(aws, forgotten):
    ran = validate(aws)
    assert (ran.code, ran.out.splitlines()[0]) == (ExitCode.DONE, "NOT PROVEN")
    assert "--from DIRECTORY --identity IDENTITY_FILE" in ran.out
    required = validate(aws, "--require", "ready")
    assert required.code == ExitCode.CHECK_FAILED
    assert "--require ready is not met. NOT PROVEN." in required.err.splitlines()[-1]


def test_the_users_own_session_proves_it_without_any_journal(aws, forgotten, custodian):
    ran = validate(aws, "--from", forgotten, "--identity", custodian[0], "--require", "ready", "--json")
    assert ran.code == ExitCode.DONE, ran.err
    found = {check["id"]: check for check in ran.json["checks"]}
    assert "with the access key and MFA" in found["denies"]["found"]
    assert "AWS accepted a new code" in found["mfa-devices"]["found"]
    assert ran.json["readiness"]["verdict"] == "ready"
    identity = pyrage.x25519.Identity.from_str(custodian[0].read_text().strip())
    for path in forgotten.glob("*.age"):
        fields = json.loads(pyrage.decrypt(path.read_bytes(), [identity]))["secret"]
        hidden = [value for name, value in fields.items() if name in ("secret_access_key", "seed")]
        assert hidden
        assert not any(value in ran.out + ran.err for value in hidden)


@pytest.mark.parametrize("ahead_s", [90, -90])
def test_mfa_codes_follow_the_clock_of_aws_and_not_the_one_of_this_machine(
    aws, forgotten, custodian, monkeypatch, ahead_s
):
    real = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda clock: real(clock) + timedelta(seconds=ahead_s))
    ran = validate(aws, "--from", forgotten, "--identity", custodian[0], "--json")
    found = {check["id"]: check for check in ran.json["checks"]}
    assert "AWS accepted a new code" in found["mfa-devices"]["found"]
    assert [call["error"] for call in found["mfa-devices"]["calls"] if call["operation"] == "sts:GetSessionToken"] == [
        ""
    ]


def test_the_wrong_identity_opens_nothing_and_says_so(aws, forgotten, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    other.chmod(0o600)
    ran = validate(aws, "--from", forgotten, "--identity", other)
    assert ran.code == ExitCode.USAGE
    assert "No envelope of this user opens with what was given" in ran.err


def test_the_envelopes_of_another_user_are_refused(aws, forgotten, custodian, demo):
    ran = aws("validate", "--user-name", "Bg-Alice", "--from", forgotten, "--identity", custodian[0])
    assert ran.code == ExitCode.USAGE
    assert "The envelope belongs to night-shift" in ran.err


def test_an_accepted_device_is_remembered_and_an_unknown_one_blocks(aws, created, demo, tmp_path):
    import boto3

    iam = boto3.client(
        "iam",
        region_name="eu-west-1",
        endpoint_url=demo.start(),
        aws_access_key_id=demo.access_key_id,
        aws_secret_access_key=demo.secret_access_key,
    )
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="second")["VirtualMFADevice"]
    import time

    import pyotp

    code = pyotp.TOTP(made["Base32StringSeed"].decode())
    now = time.time()
    iam.enable_mfa_device(
        UserName="night-shift",
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1=code.at(now - 30),
        AuthenticationCode2=code.at(now),
    )
    before = validate(aws)
    assert before.out.splitlines()[0] == "NOT PROVEN"
    assert f"--accept-device {made['SerialNumber']}" in before.out
    assert validate(aws, "--accept-device", made["SerialNumber"]).out.splitlines()[0] == "READY"
    later = validate(aws, "--require", "ready", "--json", "--out", tmp_path / "later")
    assert later.code == ExitCode.DONE
    (device,) = later.json["user"]["accepted_devices"]
    assert device["serial"] == made["SerialNumber"]
    assert device["accepted_by"] == later.json["run"]["caller_arn"]
    assert datetime.fromisoformat(device["accepted_at"]).tzinfo
    assert made["SerialNumber"] in (tmp_path / "later" / "report.md").read_text().split("## Accepted MFA devices")[1]
