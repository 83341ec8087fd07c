"""Rules for the seals of a request: which secrets they protect, how many files they need, and who can open these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import comb

OFFLINE = ("seal_to", "seal_passphrase")
FIELDS = ("kms_key_id", *OFFLINE)
"""The fields of a request that seal every secret. ``seal_mfa_to`` seals only the MFA seed."""
MAX_FILES = 20
"""The most files for one secret. If k of n custodians must act together, each combination of k has its own file."""

SealData = Mapping[str, object]
"""The fields of a request as plain data, for example from a journal."""


def is_sealed(request: SealData) -> bool:
    """Return whether every secret is sealed, so that no screen has to show one."""
    return any(request.get(field) for field in FIELDS)


def only_kms(request: SealData) -> bool:
    """Return whether KMS is the only seal. No envelope opens then if AWS cannot be used, as in an emergency."""
    return bool(request.get("kms_key_id")) and not any(request.get(field) for field in OFFLINE)


def threshold_error(threshold: int, custodians: int) -> str:
    """Return why ``threshold`` of ``custodians`` cannot be required, or an empty string if it can."""
    if threshold == 1:
        return ""
    if threshold > custodians:
        return f"{threshold} custodians must open together, but the request names {custodians}"
    if comb(custodians, threshold) > MAX_FILES:
        files = comb(custodians, threshold)
        return f"{threshold} of {custodians} needs {files} files for each secret, and the limit is {MAX_FILES}"
    return ""


def distinct(recipients: Iterable[str]) -> int:
    """Return how many different age recipients there are. The comment of an SSH public key is ignored."""
    return len({" ".join(recipient.split()[:2]) for recipient in recipients})
