"""The second net below the log: what has the form of a secret is not written, whoever said it."""

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
    """``text`` without anything that has the form of a secret; of an access key's id the last four characters stay.

    The forms are those of the IAM User Guide (identifiers, virtual MFA devices) and of age.
    """
    for form in _FORMS:
        text = form.sub(_GONE, text)
    return _KEY_ID.sub(r"\1…\2", text)
