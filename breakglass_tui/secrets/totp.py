"""Time-based codes of a virtual MFA device (RFC 6238: 30 s, six digits, SHA-1)."""

from __future__ import annotations

from urllib.parse import quote

import pyotp

from breakglass_tui.secrets.secret import Secret

PERIOD_S = 30
LONGEST_LABEL = 41
"""Characters of ``user@account``: the twelve digits of the account take little room in a QR code."""
LONGEST_NAME = 37


def otpauth_uri(seed: Secret, *, user_name: str, account_id: str) -> Secret:
    """What an authenticator app scans; it contains the seed.

    As in AWS's own, the label is ``user@account`` and there is no issuer. A long name goes without the account and
    is cut, so that the QR code (version 5, error correction L) still fits a terminal of 24 rows.
    """
    label = f"{user_name}@{account_id}"
    if len(label) > LONGEST_LABEL:
        label = user_name[:LONGEST_NAME]
    return Secret(f"otpauth://totp/{quote(label, safe='@=,')}?secret={seed.reveal()}")


def code_pair(seed: Secret, now: float) -> tuple[str, str]:
    """The codes of the previous and the current period at ``now`` (seconds since the epoch).

    Two consecutive codes are what EnableMFADevice asks for; taking the period just past means no waiting.
    """
    totp = pyotp.TOTP(seed.reveal())
    return totp.at(int(now) - PERIOD_S), totp.at(int(now))


def seconds_left(now: float) -> int:
    """How long the current code still lives, 1-30 s."""
    return PERIOD_S - int(now) % PERIOD_S
