"""Time-based codes of a virtual MFA device (RFC 6238: 30 s, six digits, SHA-1)."""

from __future__ import annotations

import pyotp

from breakglass_tui.secrets.secret import Secret

PERIOD_S = 30


def otpauth_uri(seed: Secret, *, user_name: str, account_id: str) -> Secret:
    """What an authenticator app scans; it contains the seed."""
    uri = pyotp.TOTP(seed.reveal()).provisioning_uri(name=f"{user_name}@{account_id}", issuer_name="AWS break-glass")
    return Secret(uri)


def code_pair(seed: Secret, now: float) -> tuple[str, str]:
    """The codes of the previous and the current period at ``now`` (seconds since the epoch).

    Two consecutive codes are what EnableMFADevice asks for; taking the period just past means no waiting.
    """
    totp = pyotp.TOTP(seed.reveal())
    return totp.at(int(now) - PERIOD_S), totp.at(int(now))


def seconds_left(now: float) -> int:
    """How long the current code still lives, 1-30 s."""
    return PERIOD_S - int(now) % PERIOD_S
