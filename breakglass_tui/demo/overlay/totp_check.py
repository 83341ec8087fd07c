"""The verification of MFA codes as in IAM (RFC 6238: 30 seconds, six digits, SHA-1)."""

from __future__ import annotations

import time

import pyotp
from moto.iam.models import VirtualMfaDevice

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.world import World

PERIOD_S = 30
CURRENT = 1
"""The number of 30-second periods by which a code may be off.

IAM documents no number. RFC 6238 recommends at most one (section 5.2).
"""
LATE = 20
"""The number of 30-second periods by which the codes of an enrolment may be off.

IAM documents that late codes are accepted, but no number.
"""


def accept_code(world: World, device: VirtualMfaDevice, code: str) -> None:
    """Accept a current code of the device, once.

    Raises ``ApiRefusal`` for any other code, or if the device is out of sync.
    """
    if device.serial_number in world.out_of_sync:
        raise _refusal()
    _accept(world, device, (code,), CURRENT)


def accept_pair(world: World, device: VirtualMfaDevice, codes: tuple[str, str]) -> None:
    """Accept two consecutive codes of the device in their order, once. Raises ``ApiRefusal`` for any other pair.

    Late codes leave the device out of sync until it is resynchronized with current codes (IAM API, EnableMFADevice and
    ResyncMFADevice).
    """
    last = _accept(world, device, codes, LATE)
    if abs(last - _now()) > CURRENT:
        world.out_of_sync.add(device.serial_number)
    else:
        world.out_of_sync.discard(device.serial_number)


def _accept(world: World, device: VirtualMfaDevice, codes: tuple[str, ...], tolerance: int) -> int:
    """Mark the codes as used and return the period of the last one. Raises ``ApiRefusal`` if they are not valid.

    The last code must be within ``tolerance`` periods of now, and all must be later than the last used one.
    """
    totp, now = pyotp.TOTP(device.base32_string_seed), _now()
    used = world.used_periods.get(device.serial_number, 0)
    for last in range(now - tolerance, now + tolerance + 1):
        periods = range(last - len(codes) + 1, last + 1)
        if periods[0] > used and all(
            totp.generate_otp(period) == code for period, code in zip(periods, codes, strict=True)
        ):
            world.used_periods[device.serial_number] = last
            return last
    raise _refusal()


def _now() -> int:
    return int(time.time()) // PERIOD_S


def _refusal() -> ApiRefusal:
    return ApiRefusal("InvalidAuthenticationCode", "Authentication code for device is not valid", 403)
