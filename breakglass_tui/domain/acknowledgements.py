"""Risks of a request. The operator accepts each by typing words before the first write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from breakglass_tui.domain.request import SetupRequest


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A risk that the operator accepts by typing ``words``. ``remedy`` is how to avoid the risk."""

    words: str
    risk: str
    remedy: str


ONLY_KMS = Acknowledgement(
    "only kms",
    "KMS alone can lock you out: opening these secrets needs the access to AWS that is missing in an emergency.",
    "Add a seal that opens without AWS: seal_to (age recipients) or --passphrase-fd (a passphrase).",
)
NO_MFA = Acknowledgement(
    "no mfa",
    "No second factor: the password or the access key alone is enough to act as this administrator.",
    'Set mfa = "sealed" (this program enrols the device) or mfa = "authenticator" (you scan a code).',
)


def acknowledgements(request: SetupRequest) -> tuple[Acknowledgement, ...]:
    """Return the risks of ``request`` that the operator must accept before it is applied."""
    return (*([ONLY_KMS] if request.only_kms else []), *([NO_MFA] if request.mfa == "none" else []))
