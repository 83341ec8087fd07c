"""The check ``second-device``."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from breakglass_tui.aws.checks.second_device import SecondDeviceCheck
from breakglass_tui.domain.checks import NEEDS_USER, CheckStatus


@pytest.fixture
def check(bench):
    return lambda subject: bench.inspect(SecondDeviceCheck(bench.clients, subject))


def test_one_device_is_a_risk_and_two_pass(bench, make_user, check):
    user = make_user()
    bench.device_for(user)
    one = check(user.subject(mfa="sealed"))
    bench.device_for(user)
    two = check(user.subject(mfa="sealed"))
    assert (one.status, two.status) == (CheckStatus.WARN, CheckStatus.PASS)
    assert "locks the user out" in one.caution
    assert one.remedy == one.clears != ""
    assert not two.caution


FIDO = "arn:aws:iam::123456789012:u2f/user/bg/key-EXAMPLE"


@pytest.fixture
def with_key(bend):
    """Return a function that adds a FIDO security key to the devices of every user."""
    key = {"SerialNumber": FIDO, "UserName": "bg", "EnableDate": datetime.now(UTC)}
    return lambda: bend("list_mfa_devices", lambda answer: answer["MFADevices"].append(key))


@pytest.mark.parametrize("access", ["programmatic", "both"])
def test_a_security_key_is_no_second_device_for_an_access_key(bench, make_user, check, with_key, access):
    user = make_user()
    bench.device_for(user)
    with_key()
    result = check(user.subject(mfa="sealed", require_mfa=True, access=access))
    assert result.status is CheckStatus.WARN
    assert "only one of 2 MFA devices has codes for the access key" in result.found
    assert "one MFA device with codes" in result.caution
    assert "authenticator app or a hardware token" in result.remedy


@pytest.mark.parametrize("fields", [{"access": "console", "require_mfa": True}, {"access": "programmatic"}])
def test_a_security_key_counts_where_no_session_needs_a_code(bench, make_user, check, with_key, fields):
    user = make_user()
    bench.device_for(user)
    with_key()
    result = check(user.subject(mfa="sealed", **fields))
    assert result.status is CheckStatus.PASS
    assert result.found == "2 MFA devices"


def test_two_devices_with_codes_and_a_security_key_pass(bench, make_user, check, with_key):
    user = make_user()
    bench.device_for(user)
    bench.device_for(user)
    with_key()
    result = check(user.subject(mfa="sealed", require_mfa=True, access="programmatic"))
    assert result.status is CheckStatus.PASS
    assert result.found == "3 MFA devices, 2 with codes for the access key"


def test_only_security_keys_are_no_device_for_an_access_key(make_user, check, with_key):
    with_key()
    result = check(make_user().seen_by_another_process(mfa="sealed", require_mfa=True, access="programmatic"))
    assert result.status is CheckStatus.WARN
    assert "no MFA device has codes for the access key" in result.found
    assert result.caution


def test_no_device_is_reported(make_user, check):
    assert check(make_user().seen_by_another_process()).found == "no MFA device"


def test_a_missing_user_and_a_denied_read_are_skips(bench, make_user, check, refuse):
    user = make_user()
    bench.iam.delete_user(UserName=user.name)
    assert check(user.seen_by_another_process()).found == NEEDS_USER
    refuse("list_mfa_devices", "AccessDenied")
    assert check(make_user().seen_by_another_process()).status is CheckStatus.SKIP
