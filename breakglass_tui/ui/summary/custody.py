"""Describe who can open each secret of a request, and the warnings about that."""

from __future__ import annotations

from collections.abc import Iterator

from breakglass_tui.domain.acknowledgements import credentials_of
from breakglass_tui.domain.request import SetupRequest
from breakglass_tui.domain.text import show
from breakglass_tui.secrets.recipient_text import short_name
from breakglass_tui.ui.widgets.paragraphs import Paragraph, labelled, plain

ONLY_KMS = (
    "KMS alone can lock you out: KMS decrypts only while AWS is available.",
    "Press a to add a seal that opens without AWS.",
)
CHOOSE_MFA = "Press esc to choose an MFA device."
NOTHING_SEALS = (
    "No seal: each secret is shown only on the screen, until you confirm that you stored it.",
    "Press a to add an offline seal, or esc to choose a KMS key.",
)
SAME_PEOPLE = "The same people can open both the password and the MFA seed. Choose others for the seed."
UNSEALED = "shown only on the screen, until you confirm that you stored it"
NAMED = 4
"""The largest number of custodians that a line names. It counts the others."""


def custody(request: SetupRequest) -> list[Paragraph]:
    """Return a paragraph for each secret that says who or what opens its envelope.

    If the same people can open the password and the MFA seed, a last paragraph says so.
    """
    seed = _people(request.seal_mfa_to, request.seal_mfa_threshold)
    every = [*_people(request.seal_to, request.seal_threshold)]
    every += ["the passphrase"] if request.seal_passphrase else []
    every += [f"KMS key {show(request.kms_key_id)}"] if request.kms_key_id else []
    made = [("Password", request.console), ("Access key", request.programmatic)]
    rows = [(name, "; or ".join(every) or UNSEALED) for name, is_made in made if is_made]
    if request.mfa != "none":
        unsealed = "only in your authenticator app" if request.mfa == "authenticator" else "nothing"
        rows.append(("MFA seed", "; or ".join(seed or every) or unsealed))
    note = [plain(SAME_PEOPLE, "$secondary")] if _same_people(request) else []
    return [*labelled(rows), *note]


def _people(recipients: tuple[str, ...], threshold: int) -> list[str]:
    if not recipients:
        return []
    names = [short_name(recipient) for recipient in recipients[:NAMED]]
    if len(recipients) > NAMED:
        names.append(f"{len(recipients) - NAMED} more")
    if len(recipients) == 1:
        return names
    how = f"{threshold} of {len(recipients)}" if threshold > 1 else "any of"
    return [f"{how}: {', '.join(names)}"]


def _same_people(request: SetupRequest) -> bool:
    """Return whether everyone who can open the sealed MFA seed can also open the password."""
    if request.mfa == "none" or not request.console or not request.has_seal:
        return False
    return not request.seal_mfa_to or set(request.seal_mfa_to) <= set(request.seal_to)


def cautions(request: SetupRequest) -> tuple[tuple[str, str], ...]:
    """Return the warnings about the seals and the second factor of ``request``, as pairs of a text and a remedy."""
    return tuple(_cautions(request))


def _cautions(request: SetupRequest) -> Iterator[tuple[str, str]]:
    if not request.has_seal:
        if request.console or request.programmatic:
            yield NOTHING_SEALS
    elif request.only_kms:
        yield ONLY_KMS
    if request.seal_threshold > 1:
        ways = [("KMS key", request.kms_key_id), ("passphrase", request.seal_passphrase)]
        names = [name for name, is_there in ways if is_there]
        if names:
            rule = f"The {request.seal_threshold}-of-{len(request.seal_to)} rule has no effect"
            joined = " and the ".join(names)
            opens = "each open" if len(names) > 1 else "alone opens"
            remedy = f"Remove the {joined}, or set the threshold to 1. Press a for offline seals, esc for the KMS key."
            yield f"{rule}: the {joined} {opens} the same secrets.", remedy
    if request.mfa == "none":
        yield f"No second factor: the {credentials_of(request)} alone is enough.", CHOOSE_MFA
