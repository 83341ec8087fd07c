"""The verification of MFA codes, with the rules of IAM (RFC 6238: 30 s, six digits, SHA-1)."""

from __future__ import annotations

import time

import pyotp
from moto.iam.models import VirtualMfaDevice

from breakglass_tui.demo.overlay.api_errors import ApiRefusal
from breakglass_tui.demo.world import World

PERIOD_S = 30
WINDOW = 3
"""The tolerated clock difference in periods. IAM documents no number, and an authenticator differs by seconds."""


def accept_codes(world: World, device: VirtualMfaDevice, *codes: str) -> None:
    """Accept one code, or consecutive codes in order, once. Raise InvalidAuthenticationCode for any other code."""
    totp = pyotp.TOTP(device.base32_string_seed)
    now = int(time.time()) // PERIOD_S
    used = world.used_periods.get(device.serial_number, 0)
    for first in range(max(now - WINDOW, used + 1), now + WINDOW + 1):
        periods = range(first, first + len(codes))
        if all(totp.generate_otp(period) == code for period, code in zip(periods, codes, strict=True)):
            world.used_periods[device.serial_number] = periods[-1]
            return
    raise ApiRefusal("InvalidAuthenticationCode", "Authentication code for device is not valid", 403)
