"""The check ``mfa-devices``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from breakglass_tui.aws.checks.mfa_devices import WHY, WHY_NONE, MfaDevicesCheck
from breakglass_tui.domain.checks import NEEDS_USER, UNKNOWN_DEVICES, CheckStatus
from breakglass_tui.domain.user_history import CheckDisproven, CheckProven, DeviceAccepted, UserHistory
from breakglass_tui.engine.cloud import Subject

SERIAL = "arn:aws:iam::123456789012:mfa/the-one"


def test_no_device_passes_if_none_was_configured(bench, make_user):
    result = bench.inspect(MfaDevicesCheck(bench.clients, make_user().subject()))
    assert result.status is CheckStatus.PASS
    assert (result.expected, result.found) == ("no unknown MFA device", "no MFA device")
    assert "No second factor" in result.caution
    assert result.why == WHY_NONE


def test_an_unrequested_device_blocks_until_it_is_accepted(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject()))
    assert (result.status, result.unproven) == (CheckStatus.WARN, f"MFA devices: {serial} is unknown")
    assert result.why == WHY
    assert f"MFA device {serial} is unknown: not requested and not accepted" in result.found
    assert f"--serial-number {serial}" in result.remedy
    assert f" validate --user-name {user.name} --accept-device {serial}" in result.clears
    assert result.facts == {UNKNOWN_DEVICES: serial, "user_id": user.id}
    for user_id, unproven in ((user.id, ""), ("AIDANOTHER", result.unproven)):
        history = UserHistory()
        history.apply(DeviceAccepted(bench.clock.now(), user_id, serial))
        accepted = bench.inspect(MfaDevicesCheck(bench.clients, replace(user.subject(), history=history)))
        assert accepted.unproven == unproven
        assert bool(accepted.facts) is bool(unproven)


def test_a_proof_of_an_earlier_validation_counts_for_45_days_and_only_for_this_device(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    proven = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="sealed", mfa_serial=serial)))
    assert proven.proof.startswith(f"{serial} ")
    later = replace(user.seen_by_another_process(mfa="sealed"), mfa_serial=serial)
    for days, fingerprint, unproven in (
        (44, proven.proof, False),
        (46, proven.proof, True),
        (1, f"{serial} 2020-01-01T00:00:00+00:00", True),
    ):
        history, at = UserHistory(), bench.clock.now() - timedelta(days=days)
        history.apply(CheckProven(at, "mfa-devices", fingerprint, "tested"))
        result = bench.inspect(MfaDevicesCheck(bench.clients, replace(later, history=history)))
        assert bool(result.unproven) is unproven, result.found


def test_a_device_whose_codes_were_refused_stays_a_failure_until_a_code_is_accepted(bench, make_user, bend):
    user = make_user()
    serial = bench.device_for(user)
    fingerprint = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="sealed", mfa_serial=serial))).proof
    history, now = UserHistory(), bench.clock.now()
    later = replace(user.seen_by_another_process(mfa="sealed"), mfa_serial=serial, history=history)
    history.apply(CheckProven(now - timedelta(hours=2), "mfa-devices", fingerprint, "tested"))
    history.apply(CheckDisproven(now - timedelta(hours=1), "mfa-devices", fingerprint, "AWS refused 3 new codes"))
    result = bench.inspect(MfaDevicesCheck(bench.clients, later))
    assert result.status is CheckStatus.FAIL
    assert "found: AWS refused 3 new codes" in result.found
    for used, status in ((-timedelta(hours=2), CheckStatus.FAIL), (timedelta(), CheckStatus.PASS)):
        bend("get_user", lambda answer, at=now + used: answer["User"].update(PasswordLastUsed=at))
        bend("list_mfa_devices", lambda answer: answer["MFADevices"][0].update(EnableDate=now - timedelta(days=9)))
        history.apply(CheckDisproven(now - timedelta(hours=1), "mfa-devices", old_fingerprint(serial, now), "refused"))
        assert bench.inspect(MfaDevicesCheck(bench.clients, later)).status is status


def old_fingerprint(serial, now):
    return f"{serial} {(now - timedelta(days=9)).isoformat()}"


def test_a_console_sign_in_after_the_enrolment_tested_the_device(bench, make_user, bend):
    user = make_user()
    serial = bench.device_for(user)
    later = replace(user.seen_by_another_process(mfa="authenticator"), mfa_serial=serial)
    for used, unproven in ((timedelta(days=1), False), (-timedelta(days=1), True)):
        at = datetime.now(UTC) + used
        bend("get_user", lambda answer, at=at: answer["User"].update(PasswordLastUsed=at))
        result = bench.inspect(MfaDevicesCheck(bench.clients, later))
        assert bool(result.unproven) is unproven, result.found


def test_the_configured_device_passes(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="authenticator", mfa_serial=serial)))
    assert result.status is CheckStatus.PASS
    assert serial in result.expected
    assert result.found == f"{serial} is enabled; AWS accepted two consecutive codes from it (EnableMFADevice)"


def test_a_device_in_addition_to_the_configured_one_blocks(bench, make_user):
    user = make_user()
    serial, other = bench.device_for(user), bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.subject(mfa="sealed", mfa_serial=serial)))
    assert (result.status, bool(result.unproven)) == (CheckStatus.WARN, True)
    assert f"MFA device {other} is unknown: not requested and not accepted" in result.found
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


def test_one_device_is_enough_if_its_serial_number_is_not_known_but_it_was_not_tested(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another_process(mfa="sealed")))
    assert (result.status, result.found) == (
        CheckStatus.WARN,
        f"{serial} is enabled; no code of {serial} was tested",
    )
    assert result.unproven


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


def test_any_user_with_a_device_needs_a_test_of_it(bench, make_user):
    user = make_user()
    serial = bench.device_for(user)
    result = bench.inspect(MfaDevicesCheck(bench.clients, user.seen_by_another_process()))
    assert (result.status, bool(result.unproven)) == (CheckStatus.WARN, True)
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
