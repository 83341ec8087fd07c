"""The check ``mfa-devices``."""

from __future__ import annotations

from breakglass_tui.aws.checks.mfa_devices import MfaDevicesCheck
from breakglass_tui.domain.checks import NEEDS_USER, CheckStatus
from breakglass_tui.engine.cloud import Subject

SERIAL = "arn:aws:iam::123456789012:mfa/the-one"


def test_no_device_passes_if_none_was_configured(bench, make_user):
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.PASS
    assert (result.expected, result.found) == ("no MFA device", "no MFA device")


def test_an_unrequested_device_fails(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject()))
    assert result.status is CheckStatus.FAIL
    assert f"not requested: device {serial}" in result.found
    assert f"--serial-number {serial}" in result.remedy


def test_the_configured_device_passes(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="authenticator", mfa_serial=serial)))
    assert result.status is CheckStatus.PASS
    assert serial in result.expected
    assert result.found == f"{serial} is enabled"


def test_a_device_in_addition_to_the_configured_one_fails(bench, make_user):
    user = make_user()
    serial, other = bench.device_for(user), bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="sealed", mfa_serial=serial)))
    assert result.status is CheckStatus.FAIL
    assert f"not requested: device {other}" in result.found
    assert bench.clock.waited == 0


def test_a_replaced_device_fails(bench, make_user):
    user = make_user()
    other = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="sealed", mfa_serial=SERIAL)))
    assert result.status is CheckStatus.FAIL
    assert f"{SERIAL} is not enabled for this user" in result.found
    assert other in result.found


def test_a_configured_device_that_never_appears_fails_after_a_minute(bench, make_user):
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().subject(mfa="sealed", mfa_serial=SERIAL)))
    assert result.status is CheckStatus.FAIL
    assert 59 <= bench.clock.waited <= 62


def test_a_device_that_iam_does_not_list_yet_is_waited_for(bench, make_user, refuse):
    user = make_user()
    serial = bench.device_for(user)
    refuse("list_mfa_devices", "NoSuchEntity", times=4)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="sealed", mfa_serial=serial)))
    assert result.status is CheckStatus.PASS
    assert 4 <= bench.clock.waited < 60


def test_one_device_is_enough_if_its_serial_number_is_not_known(bench, make_user):
    user = make_user()
    bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another_process(mfa="sealed")))
    assert result.status is CheckStatus.PASS


def test_two_devices_are_a_warning_if_the_serial_number_is_not_known(bench, make_user):
    user = make_user()
    serials = [bench.device_for(user), bench.device_for(user)]
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another_process(mfa="sealed")))
    assert result.status is CheckStatus.WARN
    assert all(serial in result.found for serial in serials)


def test_an_old_user_without_the_configured_device_fails_without_waiting(bench, make_user):
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().seen_by_another_process(mfa="sealed")))
    assert result.status is CheckStatus.FAIL
    assert bench.clock.waited == 0


def test_any_user_with_a_device_passes_and_names_it(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another_process()))
    assert result.status is CheckStatus.PASS
    assert serial in result.found


def test_any_user_without_a_device_is_a_warning(bench, make_user):
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().seen_by_another_process()))
    assert result.status is CheckStatus.WARN
    assert result.remedy


def test_a_missing_user_does_not_pass_for_having_no_device(bench):
    result = bench.inspect(MfaDevicesCheck(bench.clients, Subject("absent", bench.account)))
    assert (result.status, result.found) == (CheckStatus.SKIP, NEEDS_USER)


def test_a_denied_list_is_a_skip(bench, make_user, refuse):
    refuse("list_mfa_devices", "AccessDenied")
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.SKIP
    assert "iam:ListMFADevices" in result.found


def test_an_unsupported_list_is_a_skip(bench, make_user, refuse):
    refuse("list_mfa_devices", "NotImplemented")
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.SKIP
    assert "does not offer" in result.found
