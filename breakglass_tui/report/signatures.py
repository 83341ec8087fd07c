"""The published names of signatures, and the result of a verification."""

from __future__ import annotations

from dataclasses import dataclass

from breakglass_tui.report.integrity import SUMS

NAMESPACE = "breakglass-tui"
"""The namespace of SSH signatures (ssh-keygen(1), -n). A signature for another purpose is not accepted as evidence."""
SSH_SIGNATURE = f"{SUMS}.sig"
KMS_SIGNATURE = f"{SUMS}.kms.sig"
PUBLIC_KEY = f"{SUMS}.pub.pem"
"""A copy of the public key of the KMS key. It proves nothing, because a forger can replace it too."""


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """Whether a signature is valid, and by whom or why not."""

    valid: bool
    text: str
