"""Risks of a request. The operator accepts each by typing words before the first write."""

from __future__ import annotations

from dataclasses import dataclass, field

from breakglass_tui.domain.request import SetupRequest


@dataclass(frozen=True)
class Acknowledgement:
    """A risk that the operator accepts by typing ``words``. ``remedy`` is how to avoid the risk.

    The same risk of two requests can have two sentences, so only the words are compared.
    """

    words: str
    risk: str = field(compare=False)
    remedy: str = field(compare=False)


ONLY_KMS = Acknowledgement(
    "only kms",
    "KMS alone can lock you out: opening these secrets needs the access to AWS that is missing in an emergency.",
    "Add a seal that opens without AWS: seal_to (age recipients) or --passphrase-fd (a passphrase).",
)


def credentials_of(request: SetupRequest) -> str:
    """Return the credentials of the user that the request creates, such as "password or the access key"."""
    made = (("password", request.console), ("access key", request.programmatic))
    return " or the ".join(name for name, is_made in made if is_made)


def no_mfa(credentials: str) -> Acknowledgement:
    """Return the risk of a user without an MFA device. ``credentials`` is as ``credentials_of`` returns it."""
    return Acknowledgement(
        "no mfa",
        f"No second factor: the {credentials} alone is enough to act as this administrator.",
        'Set mfa = "sealed" (this program enrols the device) or mfa = "authenticator" (you scan a QR code).',
    )


NO_MFA = no_mfa("password or the access key")


def acknowledgements(request: SetupRequest) -> tuple[Acknowledgement, ...]:
    """Return the risks of ``request`` that the operator must accept before it is applied."""
    return (
        *([ONLY_KMS] if request.only_kms else []),
        *([no_mfa(credentials_of(request))] if request.mfa == "none" else []),
    )
