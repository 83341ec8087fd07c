"""Virtual MFA devices accept real codes, once, for one user."""

from __future__ import annotations

import re
import time
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest

from breakglass_tui.demo.overlay import totp_check
from breakglass_tui.domain.problems import Problem
from breakglass_tui.secrets.secret import Secret


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of the codes, so that no period ends in the middle of a test."""
    now = time.time()
    monkeypatch.setattr(totp_check, "time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def device(iam: Any, unique: Any) -> Any:
    return iam.create_virtual_mfa_device(VirtualMFADeviceName=unique())["VirtualMFADevice"]


def _codes(device: Any, *shifts: int) -> dict[str, str]:
    totp = pyotp.TOTP(device["Base32StringSeed"].decode())
    now = int(totp_check.time.time()) // 30
    return {f"AuthenticationCode{n}": totp.generate_otp(now + shift) for n, shift in enumerate(shifts, start=1)}


def test_a_new_device_returns_a_base32_seed_and_a_qr_code(device: Any, demo: Any) -> None:
    assert re.fullmatch(rb"[A-Z2-7]{64}", device["Base32StringSeed"])
    assert device["QRCodePNG"].startswith(b"\x89PNG\r\n\x1a\n")
    assert device["SerialNumber"].startswith(f"arn:aws:iam::{demo.account_id}:mfa/")


def test_the_qr_code_contains_the_otpauth_uri(
    monkeypatch: pytest.MonkeyPatch, iam: Any, unique: Any, demo: Any
) -> None:
    import segno

    drawn: list[str] = []
    real = segno.make
    monkeypatch.setattr(segno, "make", lambda content, **more: drawn.append(content) or real(content, **more))
    name = unique()
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
    assert drawn == [f"otpauth://totp/{name}@{demo.account_id}?secret={device['Base32StringSeed'].decode()}"]


def test_lists_contain_no_seed(iam: Any, device: Any, user: str) -> None:
    listed = {item["SerialNumber"]: item for item in iam.list_virtual_mfa_devices()["VirtualMFADevices"]}
    assert listed[device["SerialNumber"]] == {"SerialNumber": device["SerialNumber"]}
    iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -1, 0))
    assigned = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    mine = next(item for item in assigned if item["SerialNumber"] == device["SerialNumber"])
    assert mine["User"]["UserName"] == user
    assert "Base32StringSeed" not in mine
    unassigned = iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]
    assert device["SerialNumber"] not in {item["SerialNumber"] for item in unassigned}


def test_two_consecutive_codes_enable_a_device(iam: Any, device: Any, user: str) -> None:
    iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -1, 0))
    assert [item["SerialNumber"] for item in iam.list_mfa_devices(UserName=user)["MFADevices"]] == [
        device["SerialNumber"]
    ]
    shown = iam.get_mfa_device(SerialNumber=device["SerialNumber"])
    assert shown["UserName"] == user
    assert shown["EnableDate"]


@pytest.mark.parametrize("shifts", [(0, -1), (0, 0), (-1, 1), (-40, -39), (40, 41)])
def test_codes_out_of_order_repeated_or_far_off_are_refused(
    iam: Any, refused: Any, device: Any, user: str, shifts: tuple[int, int]
) -> None:
    with refused("InvalidAuthenticationCode"):
        iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, *shifts))
    assert iam.list_mfa_devices(UserName=user)["MFADevices"] == []


def test_a_refused_code_returns_status_403(iam: Any, device: Any, user: str) -> None:
    with pytest.raises(iam.exceptions.InvalidAuthenticationCodeException) as caught:
        iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, 0, 0))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_malformed_code_is_refused(iam: Any, refused: Any, device: Any, user: str) -> None:
    with refused("ValidationError"):
        iam.enable_mfa_device(
            UserName=user,
            SerialNumber=device["SerialNumber"],
            AuthenticationCode1="12345x",
            AuthenticationCode2="123456",
        )


def test_used_codes_are_refused_even_after_the_device_is_deactivated(
    iam: Any, refused: Any, device: Any, user: str
) -> None:
    codes = _codes(device, -1, 0)
    iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **codes)
    with refused("InvalidAuthenticationCode"):
        iam.resync_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **codes)
    iam.resync_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, 1, 2))
    iam.deactivate_mfa_device(UserName=user, SerialNumber=device["SerialNumber"])
    with refused("InvalidAuthenticationCode"):
        iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **codes)


@pytest.mark.parametrize("shifts", [(-3, -2), (-20, -19), (2, 3), (19, 20)])
def test_late_codes_enable_a_device_that_is_out_of_sync_until_a_resync(
    iam: Any, refused: Any, device: Any, user: str, as_key: Any, shifts: tuple[int, int]
) -> None:
    serial, key = device["SerialNumber"], iam.create_access_key(UserName=user)["AccessKey"]
    sts = as_key("sts", key)
    iam.enable_mfa_device(UserName=user, SerialNumber=serial, **_codes(device, *shifts))
    assert [item["SerialNumber"] for item in iam.list_mfa_devices(UserName=user)["MFADevices"]] == [serial]
    for shift in (0, 1):
        with refused("AccessDenied", "MultiFactorAuthentication failed"):
            sts.get_session_token(SerialNumber=serial, TokenCode=_codes(device, shift)["AuthenticationCode1"])
    if shifts[1] < 0:
        iam.resync_mfa_device(UserName=user, SerialNumber=serial, **_codes(device, -1, 0))
        assert sts.get_session_token(SerialNumber=serial, TokenCode=_codes(device, 1)["AuthenticationCode1"])


@pytest.mark.parametrize("shifts", [(-2, -1), (-1, 0), (0, 1)])
def test_current_codes_enable_a_device_that_works(
    iam: Any, device: Any, user: str, as_key: Any, shifts: tuple[int, int]
) -> None:
    iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, *shifts))
    sts = as_key("sts", iam.create_access_key(UserName=user)["AccessKey"])
    code = {"SerialNumber": device["SerialNumber"], "TokenCode": _codes(device, 1)["AuthenticationCode1"]}
    if shifts[1] < 1:
        assert sts.get_session_token(**code)["Credentials"]


def test_a_late_resync_leaves_the_device_out_of_sync(
    iam: Any, refused: Any, device: Any, user: str, as_key: Any
) -> None:
    serial = device["SerialNumber"]
    sts = as_key("sts", iam.create_access_key(UserName=user)["AccessKey"])
    iam.enable_mfa_device(UserName=user, SerialNumber=serial, **_codes(device, -9, -8))
    iam.resync_mfa_device(UserName=user, SerialNumber=serial, **_codes(device, -5, -4))
    with refused("AccessDenied"):
        sts.get_session_token(SerialNumber=serial, TokenCode=_codes(device, 1)["AuthenticationCode1"])


@pytest.mark.parametrize("shift", [-2, 2])
def test_a_session_needs_a_current_code(
    iam: Any, refused: Any, device: Any, user: str, as_key: Any, shift: int
) -> None:
    iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -9, -8))
    iam.resync_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -2, -1))
    sts = as_key("sts", iam.create_access_key(UserName=user)["AccessKey"])
    with refused("AccessDenied"):
        code = _codes(device, shift)["AuthenticationCode1"]
        sts.get_session_token(SerialNumber=device["SerialNumber"], TokenCode=code)


def test_the_sign_in_page_refuses_a_device_that_is_out_of_sync(iam: Any, demo: Any, device: Any, user: str) -> None:
    first, second = Secret("Correct-horse-battery-7"), Secret("Wrong+donkey+staple+8")
    iam.create_login_profile(UserName=user, Password=first.reveal(), PasswordResetRequired=True)
    iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -9, -8))
    with pytest.raises(Problem) as caught:
        demo.sign_in(user, first, second)
    assert "out of sync" in caught.value.why
    iam.resync_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -1, 0))
    demo.sign_in(user, first, second)


def test_a_new_device_with_an_old_name_has_no_used_codes(iam: Any, unique: Any, user: str) -> None:
    name = unique()
    for _ in range(2):
        device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]
        iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -1, 0))
        iam.deactivate_mfa_device(UserName=user, SerialNumber=device["SerialNumber"])
        iam.delete_virtual_mfa_device(SerialNumber=device["SerialNumber"])


def test_a_device_belongs_to_one_user_and_is_deleted_only_when_unassigned(
    iam: Any, refused: Any, device: Any, user: str
) -> None:
    serial = device["SerialNumber"]
    iam.enable_mfa_device(UserName=user, SerialNumber=serial, **_codes(device, -1, 0))
    with refused("EntityAlreadyExists"):
        iam.enable_mfa_device(UserName="bob", SerialNumber=serial, **_codes(device, 1, 2))
    with refused("NoSuchEntity"):
        iam.deactivate_mfa_device(UserName="bob", SerialNumber=serial)
    with refused("DeleteConflict"):
        iam.delete_virtual_mfa_device(SerialNumber=serial)
    iam.deactivate_mfa_device(UserName=user, SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)
    with refused("NoSuchEntity"):
        iam.get_mfa_device(SerialNumber=serial)


def test_a_device_name_is_valid_and_unique(iam: Any, refused: Any, unique: Any) -> None:
    name = unique()
    iam.create_virtual_mfa_device(VirtualMFADeviceName=name)
    with refused("EntityAlreadyExists"):
        iam.create_virtual_mfa_device(VirtualMFADeviceName=name)
    with refused("ValidationError"):
        iam.create_virtual_mfa_device(VirtualMFADeviceName="a b")


def test_a_user_has_at_most_eight_devices(iam: Any, refused: Any, user: str, enrolled: Any, device: Any) -> None:
    for _ in range(8):
        enrolled(user)
    with refused("LimitExceeded"):
        iam.enable_mfa_device(UserName=user, SerialNumber=device["SerialNumber"], **_codes(device, -1, 0))


def test_devices_have_tags(iam: Any, unique: Any) -> None:
    tags = [{"Key": "breakglass-tui:run-id", "Value": "r1"}]
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=unique(), Tags=tags)["VirtualMFADevice"]["SerialNumber"]
    iam.tag_mfa_device(SerialNumber=serial, Tags=[{"Key": "more", "Value": "yes"}])
    assert iam.list_mfa_device_tags(SerialNumber=serial)["Tags"] == [*tags, {"Key": "more", "Value": "yes"}]


def test_an_mfa_session_accepts_a_valid_code_once(iam: Any, refused: Any, device: Any, user: str, as_key: Any) -> None:
    serial = device["SerialNumber"]
    iam.enable_mfa_device(UserName=user, SerialNumber=serial, **_codes(device, -2, -1))
    sts = as_key("sts", iam.create_access_key(UserName=user)["AccessKey"])
    code = _codes(device, 1)["AuthenticationCode1"]
    with refused("AccessDenied"):
        sts.get_session_token(SerialNumber=serial, TokenCode="000000" if code != "000000" else "000001")
    session = sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
    assert as_key("sts", session).get_caller_identity()["Arn"].endswith(f"user/breakglass/{user}")
    with refused("AccessDenied"):
        sts.get_session_token(SerialNumber=serial, TokenCode=code)
