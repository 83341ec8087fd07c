"""Removes what looks like a secret from log lines. This is a second safeguard: no line should contain a secret."""

from __future__ import annotations

import re

_GONE = "[hidden]"
_FORMS = (
    re.compile(r"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+", re.IGNORECASE),
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),  # a user name and password in a URL
    re.compile(r"(?<=secret=)[A-Za-z2-7=%]+", re.IGNORECASE),  # the seed in an otpauth URI
    # A secret access key has 40 characters of base64, a session token far more.
    re.compile(r"(?<![A-Za-z0-9/+])(?:[A-Za-z0-9/+]{40}|[A-Za-z0-9/+]{80,}={0,2})(?![A-Za-z0-9/+=])"),
    # An MFA seed has 32 to 64 characters of base32.
    re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{32,64}=*(?![A-Za-z0-9=])"),
)
_KEY_ID = re.compile(r"\b(A[KS]IA)[A-Z0-9]{8,124}([A-Z0-9]{4})\b")


def redacted(text: str) -> str:
    """Return ``text`` without anything that has the form of a secret. An access key id keeps its last four characters.

    Sources of the forms: IAM User Guide (identifiers, virtual MFA devices) and age.
    """
    for form in _FORMS:
        text = form.sub(_GONE, text)
    return _KEY_ID.sub(r"\1…\2", text)
