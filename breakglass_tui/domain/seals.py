"""What the choice of seals means: whether a secret is kept at all, and whether it can be opened without AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import comb

OFFLINE = ("seal_to", "seal_passphrase")
FIELDS = ("kms_key_id", *OFFLINE)
"""The fields of a request that seal every secret; ``seal_mfa_to`` seals one."""
ONLY_KMS_WORDS = "only kms"
"""What an operator types who accepts that KMS alone seals."""
MAX_FILES = 20
"""Files for one secret: with k of n custodians there is one for each k of them."""

SealData = Mapping[str, object]
"""A request as data: also that of another process, out of its journal."""


def is_sealed(request: SealData) -> bool:
    """Whether a secret can be kept without showing it on a screen."""
    return any(request.get(field) for field in FIELDS)


def only_kms(request: SealData) -> bool:
    """Whether opening needs AWS itself: in the emergency that is a circle."""
    return bool(request.get("kms_key_id")) and not any(request.get(field) for field in OFFLINE)


def threshold_error(threshold: int, custodians: int) -> str:
    """Why so many of so many custodians cannot be asked for together, or nothing."""
    if threshold == 1:
        return ""
    if threshold > custodians:
        return f"{threshold} custodians are to open together, and {custodians} are named"
    if comb(custodians, threshold) > MAX_FILES:
        files = comb(custodians, threshold)
        return f"{threshold} of {custodians} would make {files} files for each secret; at most {MAX_FILES} are made"
    return ""


def distinct(recipients: Iterable[str]) -> int:
    """How many custodians these recipients are: an SSH key under another comment is the same one."""
    return len({" ".join(recipient.split()[:2]) for recipient in recipients})
