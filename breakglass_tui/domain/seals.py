"""Rules about the choice of seals: whether secrets are sealed at all, and whether they can be opened without AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import comb

OFFLINE = ("seal_to", "seal_passphrase")
FIELDS = ("kms_key_id", *OFFLINE)
"""The fields of a request that seal every secret. ``seal_mfa_to`` seals only the MFA seed."""
MAX_FILES = 20
"""The most files for one secret. With k of n custodians, there is one file for each combination of k of them."""

SealData = Mapping[str, object]
"""A request as plain data, for example from the journal of another process."""


def is_sealed(request: SealData) -> bool:
    """Return whether the secrets are sealed, so that none has to be shown on a screen."""
    return any(request.get(field) for field in FIELDS)


def only_kms(request: SealData) -> bool:
    """Return whether only AWS can open the envelopes: in the emergency, that can lock the custodians out."""
    return bool(request.get("kms_key_id")) and not any(request.get(field) for field in OFFLINE)


def threshold_error(threshold: int, custodians: int) -> str:
    """Return why the threshold is not possible for that number of custodians, or an empty string if it is."""
    if threshold == 1:
        return ""
    if threshold > custodians:
        return f"{threshold} custodians must open together, but the request names {custodians}"
    if comb(custodians, threshold) > MAX_FILES:
        files = comb(custodians, threshold)
        return f"{threshold} of {custodians} needs {files} files for each secret, and the limit is {MAX_FILES}"
    return ""


def distinct(recipients: Iterable[str]) -> int:
    """Return how many different custodians these recipients are. The comment of an SSH key does not count."""
    return len({" ".join(recipient.split()[:2]) for recipient in recipients})
