"""The time-based codes of a virtual MFA device. Source: RFC 6238 (30 s, six digits, SHA-1)."""

from __future__ import annotations

from urllib.parse import quote

import pyotp

from breakglass_tui.secrets.secret import Secret

PERIOD_S = 30
LONGEST_LABEL = 41
"""The most characters of ``user@account`` in a URI. Longer labels would make the QR code too large."""
LONGEST_NAME = 37


def otpauth_uri(seed: Secret, *, user_name: str, account_id: str) -> Secret:
    """Return the URI that an authenticator app scans. It contains the seed.

    Its label is ``user@account``, without an issuer, as in the URI of AWS. For a long user name, the label is the
    shortened name alone. So the QR code (version 5, error correction L) fits a terminal of 24 rows.
    """
    label = f"{user_name}@{account_id}"
    if len(label) > LONGEST_LABEL:
        label = user_name[:LONGEST_NAME]
    return Secret(f"otpauth://totp/{quote(label, safe='@=,')}?secret={seed.reveal()}")


def code_pair(seed: Secret, now: float) -> tuple[str, str]:
    """Return the codes of the previous and the current period at ``now``, in seconds since the epoch.

    EnableMFADevice needs two consecutive codes. With the previous code, there is no wait for the next one.
    """
    totp = pyotp.TOTP(seed.reveal())
    return totp.at(int(now) - PERIOD_S), totp.at(int(now))


def pair_offset(seed: Secret, codes: tuple[str, str], now: float, *, within: int) -> int | None:
    """Return by how many periods of 30 s the second code differs from the current one: -1 is the previous period.

    ``now`` is in seconds since the epoch. Return None if these are not two consecutive codes of ``seed``, or if they
    differ by more than ``within`` periods.
    """
    totp, current = pyotp.TOTP(seed.reveal()), int(now) // PERIOD_S
    for offset in sorted(range(-within, within + 1), key=abs):
        second = (current + offset) * PERIOD_S
        if (totp.at(second - PERIOD_S), totp.at(second)) == codes:
            return offset
    return None


def seconds_left(now: float) -> int:
    """Return for how many seconds (1-30) the period of the current code still lasts.

    ``now`` is in seconds since the epoch.
    """
    return PERIOD_S - int(now) % PERIOD_S
