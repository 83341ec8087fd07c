"""The check ``second-device``."""

from __future__ import annotations

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


def test_no_device_is_reported(make_user, check):
    assert check(make_user().seen_by_another_process()).found == "no MFA device"


def test_a_missing_user_and_a_denied_read_are_skips(bench, make_user, check, refuse):
    user = make_user()
    bench.iam.delete_user(UserName=user.name)
    assert check(user.seen_by_another_process()).found == NEEDS_USER
    refuse("list_mfa_devices", "AccessDenied")
    assert check(make_user().seen_by_another_process()).status is CheckStatus.SKIP
