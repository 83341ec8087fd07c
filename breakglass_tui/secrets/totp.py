"""Time-based codes of a virtual MFA device. Source: RFC 6238 (30 s, six digits, SHA-1)."""

from __future__ import annotations

from urllib.parse import quote

import pyotp

from breakglass_tui.secrets.secret import Secret

PERIOD_S = 30
LONGEST_LABEL = 41
"""Characters of ``user@account``. The twelve digits of the account need little space in a QR code."""
LONGEST_NAME = 37


def otpauth_uri(seed: Secret, *, user_name: str, account_id: str) -> Secret:
    """Return the URI that an authenticator app scans. It contains the seed.

    As in AWS's own URI, the label is ``user@account`` and there is no issuer. A long name is cut and has no account, so
    that the QR code (version 5, error correction L) still fits a terminal of 24 rows.
    """
    label = f"{user_name}@{account_id}"
    if len(label) > LONGEST_LABEL:
        label = user_name[:LONGEST_NAME]
    return Secret(f"otpauth://totp/{quote(label, safe='@=,')}?secret={seed.reveal()}")


def code_pair(seed: Secret, now: float) -> tuple[str, str]:
    """Return the codes of the previous and the current period at ``now`` (seconds since the epoch).

    EnableMFADevice needs two consecutive codes. With the previous period, there is no need to wait for the next one.
    """
    totp = pyotp.TOTP(seed.reveal())
    return totp.at(int(now) - PERIOD_S), totp.at(int(now))


def pair_offset(seed: Secret, codes: tuple[str, str], now: float, *, within: int) -> int | None:
    """Return by how many periods the second code is off at ``now``: 0 is current, -1 is the previous period.

    None means that these are not two consecutive codes of ``seed``, or that they are off by more than ``within``.
    """
    totp, current = pyotp.TOTP(seed.reveal()), int(now) // PERIOD_S
    for offset in sorted(range(-within, within + 1), key=abs):
        second = (current + offset) * PERIOD_S
        if (totp.at(second - PERIOD_S), totp.at(second)) == codes:
            return offset
    return None


def seconds_left(now: float) -> int:
    """Return how long the current code remains valid, 1-30 s."""
    return PERIOD_S - int(now) % PERIOD_S
